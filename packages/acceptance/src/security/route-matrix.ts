import { randomBytes } from 'node:crypto'
import type { ProblemCode } from '@parley/contracts'
import { type Actor, type Insider, insiders, outsiders, strangers } from './actors.ts'
import type { Room } from './world.ts'

/** A status, with the problem's code where it is a refusal. */
export type Outcome = number | `${number} ${ProblemCode}`

export interface RouteRow {
  expected: Record<Actor, Outcome>
  body?: (room: Room) => unknown
  query?: string
  headers?: Record<string, string>
  /** Takes any bytes, not JSON alone. */
  takesFiles?: true
  /** After it the room is not what it was: each cell gets one of its own. */
  changesRoom?: true
  /** Ends the session it is asked with. */
  endsSession?: true
  /** Not in the OpenAPI document: probes, pages, and what the gateway answers. */
  undocumented?: true
}

/** For everyone, whoever asks. */
function open(outcome: Outcome): Record<Actor, Outcome> {
  return outcomes(outcome, outcome, all(outcome))
}

/** For everyone with a session. */
function signedIn(outcome: Outcome): Record<Actor, Outcome> {
  return outcomes('401 unauthenticated', outcome, all(outcome))
}

/** For all members; to anyone else the conversation is not there. */
function members(outcome: Outcome): Record<Actor, Outcome> {
  return roles(all(outcome))
}

/** For the roles that may; to anyone else the conversation is not there. */
function roles(inside: Record<Insider, Outcome>): Record<Actor, Outcome> {
  return outcomes('401 unauthenticated', '404 not_found', inside)
}

function outcomes(
  stranger: Outcome,
  outsider: Outcome,
  inside: Record<Insider, Outcome>
): Record<Actor, Outcome> {
  const outside = [
    ...strangers.map((actor) => [actor, stranger]),
    ...outsiders.map((actor) => [actor, outsider])
  ]
  return { ...(Object.fromEntries(outside) as Record<Actor, Outcome>), ...inside }
}

function all(outcome: Outcome): Record<Insider, Outcome> {
  return Object.fromEntries(insiders.map((actor) => [actor, outcome])) as Record<Insider, Outcome>
}

const no = '403 forbidden'
const ofAuthor = (outcome: Outcome) => roles({ member: no, author: outcome, admin: no, owner: no })
const ofAuthorAndAdmins = (outcome: Outcome) => roles({ ...all(outcome), member: no })
const ofAdmins = (outcome: Outcome) => roles({ member: no, author: no, admin: outcome, owner: outcome })
const ofOwner = (outcome: Outcome) => roles({ member: no, author: no, admin: no, owner: outcome })

const text = () => ({ body: 'hello' })
const dismissal = () => ({ resolution: 'dismissed' })
const account = () => ({
  username: `new-${randomBytes(6).toString('hex')}`,
  password: 'long enough for a test'
})
const wrongCredentials = () => ({ username: 'nobody-at-all', password: 'long enough for a test' })
const page: RouteRow = { expected: open(200), undocumented: true }

const api = '/messaging/api'
const room = `${api}/conversations/{conversation_id}`
const message = `${room}/messages/{message_id}`

/** Who may call what: one row for every route there is. */
export const routeMatrix: Record<string, RouteRow> = {
  [`POST ${api}/auth/register/`]: { expected: open(201), body: account },
  [`POST ${api}/auth/login/`]: { expected: open('401 invalid_credentials'), body: wrongCredentials },
  [`POST ${api}/auth/token/`]: { expected: open('401 invalid_credentials'), body: wrongCredentials },
  [`POST ${api}/auth/logout/`]: { expected: signedIn(204), endsSession: true },
  [`POST ${api}/auth/logout-all/`]: { expected: signedIn(204), endsSession: true },
  [`GET ${api}/auth/me/`]: { expected: signedIn(200) },
  [`POST ${api}/auth/password/`]: {
    expected: signedIn('401 invalid_credentials'),
    body: () => ({ current_password: 'not the password', new_password: 'long enough for a test' })
  },
  [`POST ${api}/auth/ticket/`]: { expected: signedIn(200) },
  [`GET ${api}/auth/sessions/`]: { expected: signedIn(200) },
  // Someone else's session.
  [`DELETE ${api}/auth/sessions/{session_id}/`]: { expected: signedIn('404 not_found') },

  [`GET ${api}/users/`]: { expected: signedIn(200), query: '?q=bystander' },
  [`GET ${api}/users/{user_id}/`]: { expected: signedIn(200) },
  // Those who share a conversation with the bystander.
  [`GET ${api}/users/{user_id}/presence/`]: { expected: members(200) },
  // Of the author's message.
  [`GET ${api}/attachments/{attachment_id}/`]: { expected: members(200) },
  [`GET ${api}/attachments/{attachment_id}/thumbnail/`]: { expected: members(200) },
  // What is sent is not taken back.
  [`DELETE ${api}/attachments/{attachment_id}/`]: { expected: signedIn('404 not_found') },
  [`POST ${api}/attachments/`]: {
    expected: signedIn(201),
    query: '?name=a.json',
    body: text,
    takesFiles: true
  },
  // Nobody here is an admin of the deployment.
  [`GET ${api}/admin/reports/`]: { expected: signedIn(no) },
  [`POST ${api}/admin/reports/{report_id}/resolve/`]: { expected: signedIn(no), body: dismissal },
  [`GET ${api}/admin/audit/`]: { expected: signedIn(no) },
  [`GET ${api}/admin/users/{user_id}/export/`]: { expected: signedIn(no) },
  [`POST ${api}/admin/users/{user_id}/erasure/`]: { expected: signedIn(no) },
  // What the caller may not see is not found; that is told apart in the service's own tests.
  [`GET ${api}/search/`]: { expected: signedIn(200), query: '?q=said' },
  [`GET ${api}/privacy/`]: { expected: signedIn(200) },
  [`PATCH ${api}/privacy/`]: { expected: signedIn(200), body: () => ({ hide_presence: false }) },
  [`GET ${api}/push/`]: { expected: signedIn(200) },
  // The deployment of these tests does not push.
  [`POST ${api}/push/subscriptions/`]: {
    expected: signedIn('400 bad_request'),
    body: () => ({
      endpoint: 'https://push.example.org/browser',
      keys: { p256dh: 'x'.repeat(87), auth: 'x'.repeat(22) }
    })
  },
  // Someone else's, or nobody's.
  [`DELETE ${api}/push/subscriptions/{subscription_id}/`]: { expected: signedIn('404 not_found') },
  [`GET ${api}/blocks/`]: { expected: signedIn(200) },
  [`PUT ${api}/blocks/{user_id}/`]: { expected: signedIn(200) },
  [`DELETE ${api}/blocks/{user_id}/`]: { expected: signedIn(204) },
  [`GET ${api}/notifications/`]: { expected: signedIn(200) },
  [`POST ${api}/notifications/read/`]: {
    expected: members(204),
    body: ({ conversation_id }) => ({ conversation_id })
  },

  [`GET ${api}/conversations/`]: { expected: signedIn(200) },
  [`POST ${api}/conversations/`]: { expected: signedIn(201) },
  [`GET ${api}/conversations/public/`]: { expected: signedIn(200) },
  [`GET ${room}/`]: { expected: members(200) },
  [`PATCH ${room}/`]: { expected: ofAdmins(200), body: () => ({ title: 'another' }) },
  [`DELETE ${room}/`]: { expected: ofOwner(204), changesRoom: true },
  [`PUT ${room}/mute/`]: { expected: members(200), body: () => ({ keep: 'mentions' }) },
  [`DELETE ${room}/mute/`]: { expected: members(204) },
  [`GET ${room}/presence/`]: { expected: members(200) },
  [`GET ${room}/members/`]: { expected: members(200) },
  [`POST ${room}/members/`]: {
    expected: ofAdmins(201),
    body: ({ newcomer_id: user_id }) => ({ user_id }),
    changesRoom: true
  },
  [`PATCH ${room}/members/{user_id}/`]: { expected: ofOwner(200), body: () => ({ role: 'admin' }) },
  [`DELETE ${room}/members/{user_id}/`]: { expected: ofAdmins(204), changesRoom: true },
  // The room is not public: to anyone outside it is not there.
  [`POST ${room}/join/`]: { expected: members(200) },
  [`POST ${room}/hand-over/`]: {
    expected: ofOwner(200),
    body: ({ user_id }) => ({ user_id }),
    changesRoom: true
  },
  [`GET ${room}/messages/`]: { expected: members(200) },
  [`POST ${room}/messages/`]: { expected: members(201), body: text },
  [`GET ${message}/`]: { expected: members(200) },
  [`GET ${message}/seen/`]: { expected: members(200) },
  [`PATCH ${message}/`]: { expected: ofAuthor(200), body: text },
  [`DELETE ${message}/`]: { expected: ofAuthorAndAdmins(204), changesRoom: true },
  [`PUT ${message}/reactions/{emoji}/`]: { expected: members(200) },
  [`DELETE ${message}/reactions/{emoji}/`]: { expected: members(204) },
  [`POST ${room}/forwards/`]: {
    expected: members(201),
    body: ({ conversation_id, message_id }) => ({ from: { conversation_id, message_id } })
  },
  [`GET ${room}/threads/`]: { expected: members(200) },
  [`GET ${message}/thread/`]: { expected: members(200) },
  [`POST ${message}/thread/read/`]: { expected: members(200), body: () => ({ seq: 1 }) },
  [`PUT ${message}/pin/`]: { expected: members(200) },
  [`DELETE ${message}/pin/`]: { expected: members(204) },
  [`GET ${room}/pins/`]: { expected: members(200) },
  [`GET ${message}/edits/`]: { expected: ofAdmins(200) },
  [`POST ${room}/read/`]: { expected: members(200), body: () => ({ seq: 1 }) },
  [`POST ${message}/reports/`]: {
    expected: members(201),
    body: () => ({ reason: 'rude' }),
    changesRoom: true
  },
  [`GET ${room}/reports/`]: { expected: ofAdmins(200) },
  // There is no such report.
  [`POST ${room}/reports/{report_id}/resolve/`]: { expected: ofAdmins('404 not_found'), body: dismissal },
  [`GET ${room}/bans/`]: { expected: ofAdmins(200) },
  [`PUT ${room}/bans/{user_id}/`]: { expected: ofAdmins(200), body: () => ({}), changesRoom: true },
  [`DELETE ${room}/bans/{user_id}/`]: { expected: ofAdmins(204) },
  [`GET ${room}/changes/`]: { expected: members(200) },

  'POST /api/register/': { expected: open(201), body: account },
  'POST /api/login/': { expected: open('401 invalid_credentials'), body: wrongCredentials },
  'POST /api/logout/': { expected: signedIn(204), endsSession: true },
  'GET /api/chats/': { expected: signedIn(200) },
  'POST /api/chats/': { expected: signedIn(201) },
  'GET /api/chats/{conversation_id}/': { expected: members(200) },
  'GET /api/chats/{conversation_id}/messages/': { expected: members(200) },
  'POST /api/chats/{conversation_id}/send_message/': {
    expected: members(201),
    body: () => ({ content: 'hello' })
  },
  'DELETE /api/chats/{conversation_id}/messages/{message_id}/': {
    expected: ofAuthorAndAdmins(204),
    changesRoom: true
  },

  [`GET ${room}/events/`]: {
    expected: members(200),
    query: '?since=0&wait=0',
    headers: { accept: 'application/json' },
    undocumented: true
  },
  // Which of the cursors are refused is in the answer.
  [`POST ${api}/events/`]: {
    expected: signedIn(200),
    headers: { accept: 'application/json' },
    body: ({ conversation_id }) => ({ cursors: { [conversation_id]: 0 } }),
    undocumented: true
  },

  'GET /': page,
  'GET /healthz/': page,
  'GET /readyz/': page,
  'GET /metrics/': page,
  [`GET ${api}/docs/`]: page,
  [`GET ${api}/docs/json/`]: page,
  [`GET ${api}/docs/yaml/`]: page,
  [`GET ${api}/docs/static/index.html`]: { ...page, expected: open(302) },
  [`GET ${api}/docs/static/swagger-initializer.js`]: page,
  [`GET ${api}/docs/static/swagger-ui.css`]: page
}

/** A route's path with the ids of a room in it. */
export function fillPath(
  path: string,
  { conversation_id, message_id, user_id, attachment_id = message_id }: Room,
  session_id: string
): string {
  const ids: Record<string, string> = {
    conversation_id,
    message_id,
    user_id,
    attachment_id,
    report_id: message_id,
    session_id,
    subscription_id: session_id,
    emoji: encodeURIComponent('👍')
  }
  return path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => {
    const id = ids[name]
    if (id === undefined) throw new Error(`${path}: the matrix knows no ${name}`)
    return id
  })
}
