import { randomUUID } from 'node:crypto'
import type { ClientFrameType, DurableFrameType, ProblemCode, ServerFrameType } from '@parley/contracts'
import { type Actor, type Insider, insiders, type Outsider, outsiders, strangers } from './actors.ts'
import type { Room, World } from './world.ts'

/** What answers a frame: another, an error with a code, or nothing where all is well. */
export type Answered = ServerFrameType | ProblemCode | 'nothing'

export interface FrameRow {
  frame(room: Room): object
  expected: Record<Outsider | Insider, Answered>
  /** Insiders subscribe to the room first. */
  subscribes?: true
  /** After it the room is not what it was: each cell gets one of its own. */
  changesRoom?: true
}

function row(outsider: Answered, insider: Answered | Record<Insider, Answered>): FrameRow['expected'] {
  const inside =
    typeof insider === 'string' ? Object.fromEntries(insiders.map((actor) => [actor, insider])) : insider
  const outside = Object.fromEntries(outsiders.map((actor) => [actor, outsider]))
  return { ...outside, ...inside } as FrameRow['expected']
}

const members = row('not_found', 'ack')
const ofAdmins = { member: 'forbidden', author: 'forbidden', admin: 'ack', owner: 'ack' } as const
const ofOwner = { ...ofAdmins, admin: 'forbidden' } as const
const message = ({ conversation_id, message_id }: Room) => ({ conversation_id, message_id })

/** Who may send what on a socket: one row for every client frame there is. Without a session there is no socket. */
export const frameMatrix: Record<ClientFrameType, FrameRow> = {
  subscribe: {
    frame: ({ conversation_id }) => ({ conversation_id, since: 0 }),
    expected: row('not_found', 'subscribed')
  },
  unsubscribe: {
    frame: ({ conversation_id }) => ({ conversation_id }),
    expected: row('not_subscribed', 'unsubscribed'),
    subscribes: true
  },
  subscribe_all: {
    frame: ({ conversation_id }) => ({ cursors: { [conversation_id]: 0 } }),
    expected: row('not_found', 'subscribed_all')
  },
  send: {
    frame: ({ conversation_id }) => ({ conversation_id, client_id: randomUUID(), body: 'hello' }),
    expected: members
  },
  edit: {
    frame: (room) => ({ ...message(room), body: 'edited' }),
    expected: row('not_found', { member: 'forbidden', author: 'ack', admin: 'forbidden', owner: 'forbidden' })
  },
  delete: {
    frame: message,
    expected: row('not_found', { member: 'forbidden', author: 'ack', admin: 'ack', owner: 'ack' }),
    changesRoom: true
  },
  react: { frame: (room) => ({ ...message(room), emoji: '👍' }), expected: members },
  unreact: { frame: (room) => ({ ...message(room), emoji: '👍' }), expected: members },
  forward: {
    frame: (room) => ({
      conversation_id: room.conversation_id,
      client_id: randomUUID(),
      from: message(room)
    }),
    expected: members
  },
  read_thread: {
    frame: ({ conversation_id, message_id: thread_id }) => ({ conversation_id, thread_id, seq: 1 }),
    expected: members
  },
  pin: { frame: message, expected: members },
  unpin: { frame: message, expected: members },
  edit_conversation: {
    frame: ({ conversation_id }) => ({ conversation_id, title: 'another' }),
    expected: row('not_found', ofAdmins)
  },
  // The room is not public: to anyone outside it is not there.
  join: { frame: ({ conversation_id }) => ({ conversation_id }), expected: members },
  add_member: {
    frame: ({ conversation_id, newcomer_id: user_id }) => ({ conversation_id, user_id }),
    expected: row('not_found', ofAdmins),
    changesRoom: true
  },
  remove_member: {
    frame: ({ conversation_id, user_id }) => ({ conversation_id, user_id }),
    expected: row('not_found', ofAdmins),
    changesRoom: true
  },
  change_role: {
    frame: ({ conversation_id, user_id }) => ({ conversation_id, user_id, role: 'admin' }),
    expected: row('not_found', ofOwner)
  },
  hand_over: {
    frame: ({ conversation_id, user_id }) => ({ conversation_id, user_id }),
    expected: row('not_found', ofOwner),
    changesRoom: true
  },
  ban: {
    frame: ({ conversation_id, user_id }) => ({ conversation_id, user_id }),
    expected: row('not_found', ofAdmins),
    changesRoom: true
  },
  unban: {
    frame: ({ conversation_id, user_id }) => ({ conversation_id, user_id }),
    expected: row('not_found', ofAdmins)
  },
  mute: { frame: ({ conversation_id }) => ({ conversation_id, keep: 'mentions' }), expected: members },
  unmute: { frame: ({ conversation_id }) => ({ conversation_id }), expected: members },
  read: { frame: ({ conversation_id }) => ({ conversation_id, seq: 1 }), expected: members },
  typing: {
    frame: ({ conversation_id }) => ({ conversation_id, on: true }),
    expected: row('not_subscribed', 'nothing'),
    subscribes: true
  },
  presence: { frame: () => ({ status: 'away' }), expected: row('nothing', 'nothing') }
}

/** Who may open which socket: the status of the upgrade. */
export const upgradeMatrix: Record<string, Record<Actor, number>> = {
  '/ws/': upgrades(101, 101),
  '/ws/notifications/': upgrades(101, 101),
  '/ws/chat/{conversation_id}/': upgrades(404, 101),
  '/ws/chat/{conversation_id}/?since=0': upgrades(404, 101)
}

function upgrades(outsider: number, insider: number): Record<Actor, number> {
  return Object.fromEntries([
    ...strangers.map((actor) => [actor, 401]),
    ...outsiders.map((actor) => [actor, outsider]),
    ...insiders.map((actor) => [actor, insider])
  ]) as Record<Actor, number>
}

export interface EventRow {
  /** Makes it happen. */
  cause(world: World, room: Room): Promise<unknown>
  /** Who gets it beside the insiders. */
  alsoTo?: 'bystander' | 'newcomer'
}

const path = ({ conversation_id }: Room) => `/messaging/api/conversations/${conversation_id}/`
const messagePath = (room: Room) => `${path(room)}messages/${room.message_id}/`

/** What makes each durable frame, in an order in which they can follow one another in one room. */
export const eventMatrix: Record<DurableFrameType, EventRow> = {
  message: {
    cause: ({ people }, room) => people.member.api.post(`${path(room)}messages/`, { body: 'hello' })
  },
  message_edited: {
    cause: ({ people }, room) => people.author.api.ask('PATCH', messagePath(room), { body: 'edited' })
  },
  reaction: {
    cause: ({ people }, room) =>
      people.member.api.ask('PUT', `${messagePath(room)}reactions/${encodeURIComponent('👍')}/`)
  },
  message_deleted: { cause: ({ people }, room) => people.author.api.delete(messagePath(room)) },
  member_added: {
    cause: ({ people }, room) =>
      people.owner.api.post(`${path(room)}members/`, { user_id: room.newcomer_id }),
    alsoTo: 'newcomer'
  },
  member_changed: {
    cause: ({ people }, room) =>
      people.owner.api.ask('PATCH', `${path(room)}members/${room.user_id}/`, { role: 'admin' }),
    alsoTo: 'bystander'
  },
  member_removed: {
    cause: ({ people }, room) => people.owner.api.delete(`${path(room)}members/${room.user_id}/`),
    alsoTo: 'bystander'
  },
  conversation_changed: {
    cause: ({ people }, room) => people.owner.api.ask('PATCH', path(room), { title: 'another title' })
  },
  conversation_deleted: { cause: ({ people }, room) => people.owner.api.delete(path(room)) }
}
