// Who may call what: every route of the running server × every kind of caller.
import { Token } from '@parley/contracts'
import t from 'tap'
import {
  absentRoom,
  type Actor,
  actors,
  bodyOf,
  fillPath,
  headersOf,
  insiders,
  makeWorld,
  outsiders,
  RestClient,
  type Room,
  type RouteRow,
  routeMatrix,
  strangers
} from '../src/index.ts'
import { endSessions } from './end-sessions.ts'
import { securedParley } from './security-fixture.ts'

t.setTimeout(120_000)

const parley = await securedParley(t)
const world = await makeWorld(parley.url)
const { people, room } = world
const rows = Object.entries(routeMatrix).map(([route, row]) => {
  const [method = '', path = ''] = route.split(' ')
  return { route, method, path, row }
})
const bystanders = (await world.bystander.api.get('/messaging/api/auth/sessions/')).body as {
  items: { id: string }[]
}
const someonesSession = bystanders.items[0]?.id ?? ''
await endSessions(world, parley)

interface Asked {
  status: number
  outcome: number | string
  headers: string[]
  text: string
}

async function ask(actor: Actor, method: string, path: string, row: RouteRow, room: Room): Promise<Asked> {
  const body = row.body?.(room)
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  const ids = actor === 'removed' ? { ...room, message_id: room.removed_message_id } : room
  const response = await fetch(parley.url + fillPath(path, ids, someonesSession) + (row.query ?? ''), {
    method,
    headers: { ...json, ...row.headers, ...headersOf(world, actor) },
    redirect: 'manual',
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  })
  const text = await response.text()
  const { status } = response
  const outcome = status >= 400 ? `${status} ${codeIn(text)}` : status
  return { status, outcome, headers: [...response.headers.keys()].toSorted(), text }
}

function codeIn(text: string): string {
  try {
    return String((JSON.parse(text) as { code?: string }).code)
  } catch {
    return ''
  }
}

/** A signed-in person's token was used up by the call. */
async function signInAgain(actor: Actor): Promise<void> {
  if (actor === 'anonymous') return
  const person = people[actor]
  const credentials = { username: person.user.username, password: person.password }
  const answer = await new RestClient(parley.url).post('/messaging/api/auth/token/', credentials)
  const { token } = bodyOf(answer, 200, Token)
  const api = new RestClient(parley.url, { authorization: `Bearer ${token}` })
  people[actor] = { ...person, token, api }
}

/** Everything of a conversation that a refused call could have changed. */
async function stateOf(conversation_id: string): Promise<unknown> {
  const { rows } = await parley.database.query(
    `select c.last_seq, c.title, c.deleted_at, (select count(*) from reactions) as reactions,
      (select json_agg(json_build_array(m.user_id, m.read_seq) order by m.user_id) from members m
       where m.conversation_id = c.id) as members
     from conversations c where id = $1`,
    [conversation_id]
  )
  return rows[0]
}

t.test('SEC-AUTHORISATION every route has a row, and every row a route', async (t) => {
  const { body } = await new RestClient(parley.url).get('/messaging/api/docs/json')
  const { paths } = body as { paths: Record<string, Record<string, { security?: unknown[] }>> }
  const documented = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`)
  )
  const inMatrix = rows.filter(({ row }) => !row.undocumented).map(({ route }) => route)
  t.strictSame(documented.toSorted(), inMatrix.toSorted())
  for (const { route, method, path, row } of rows) {
    if (row.undocumented) continue
    const wantsSession = (paths[path]?.[method.toLowerCase()]?.security?.length ?? 0) > 0
    t.equal(row.expected.anonymous === '401 unauthenticated', wantsSession, `${route} says who may call it`)
  }
})

t.test('SEC-AUTHORISATION whoever may not is refused, is told nothing and changes nothing', async (t) => {
  const before = await stateOf(room.conversation_id)
  const wrong: string[] = []
  let cells = 0
  for (const { route, method, path, row } of rows)
    for (const actor of actors) {
      const expected = row.expected[actor]
      if (typeof expected === 'number') continue
      cells++
      const asked = await ask(actor, method, path, row, room)
      if (asked.outcome !== expected) wrong.push(`${route} by ${actor}: ${asked.outcome}, not ${expected}`)
      if (tellsTooMuch(actor, asked)) wrong.push(`${route} tells ${actor} what was said`)
      if (method !== 'GET') continue
      const { status } = await ask(actor, 'HEAD', path, row, room)
      if (status !== asked.status) wrong.push(`HEAD ${path} by ${actor}: ${status}, not ${asked.status}`)
    }
  t.strictSame(wrong, [], `${cells} cells`)
  t.strictSame(await stateOf(room.conversation_id), before)
})

t.test('SEC-AUTHORISATION whoever may, may', async (t) => {
  const wrong: string[] = []
  let cells = 0
  for (const { route, method, path, row } of rows)
    for (const actor of actors) {
      const expected = row.expected[actor]
      if (typeof expected !== 'number') continue
      cells++
      const asked = await ask(actor, method, path, row, row.changesRoom ? await world.makeRoom() : room)
      if (asked.outcome !== expected) wrong.push(`${route} by ${actor}: ${asked.outcome}, not ${expected}`)
      if (tellsTooMuch(actor, asked)) wrong.push(`${route} tells ${actor} what was said`)
      if (!row.endsSession) continue
      const { status } = await ask(actor, method, path, row, room)
      if (status !== 401) wrong.push(`${route} did not end the session of ${actor}`)
      await signInAgain(actor)
    }
  t.strictSame(wrong, [], `${cells} cells`)
})

t.test('SEC-AUTHORISATION absent and forbidden are alike, byte for byte', async (t) => {
  const absent = absentRoom(room)
  const wrong: string[] = []
  for (const { route, method, path, row } of rows) {
    const inBody = JSON.stringify(row.body?.(room) ?? null).includes(room.conversation_id)
    if (!inBody && !path.includes('{conversation_id}')) continue
    for (const actor of outsiders) {
      const [forbidden, nothing] = await Promise.all(
        [room, absent].map(async (one) => withoutIds(await ask(actor, method, path, row, one), one))
      )
      if (forbidden !== nothing) wrong.push(`${route} by ${actor}: ${forbidden} but ${nothing}`)
    }
  }
  t.strictSame(wrong, [])
})

t.test('SEC-AUTHORISATION so are a message of another conversation and none', async (t) => {
  const { conversation_id, message_id } = await world.makeRoom()
  const { owner } = people
  t.equal((await owner.api.delete(`/messaging/api/conversations/${conversation_id}/`)).status, 204)
  const wrong: string[] = []
  for (const { route, method, path, row } of rows) {
    if (!path.includes('{message_id}')) continue
    const [foreign, none] = await Promise.all(
      [message_id, absentRoom(room).message_id].map(async (id) => {
        const one = { ...room, message_id: id }
        return withoutIds(await ask('author', method, path, row, one), one)
      })
    )
    if (foreign !== none || !foreign?.startsWith('404'))
      wrong.push(`${route}: ${String(foreign)} but ${String(none)}`)
  }
  t.strictSame(wrong, [])
})

/** All of an answer in one line, with each id of the room as the same word. */
function withoutIds({ outcome, headers, text }: Asked, room: Room): string {
  const blank = Object.values(room).reduce((left, id) => left.replaceAll(id, '<id>'), text)
  return `${outcome} ${headers.join()} ${blank}`
}

function tellsTooMuch(actor: Actor, { text }: Asked): boolean {
  return !isInsider(actor) && text.includes(world.canary)
}

function isInsider(actor: Actor): boolean {
  return (insiders as readonly Actor[]).includes(actor)
}

t.test('SEC-AUTHORISATION a removed author can neither edit nor delete what it wrote', async (t) => {
  const path = `/messaging/api/conversations/${room.conversation_id}/messages/${room.removed_message_id}/`
  const { removed, owner } = people
  const before = (await owner.api.get(path)).body
  t.match(before, { sender: { id: removed.user.id } })
  const asked = await removed.api.ask('PATCH', path, { body: 'changed' })
  t.match([asked.status, asked.body], [404, { code: 'not_found' }])
  t.match((await removed.api.delete(path)).status, 404)
  t.strictSame((await owner.api.get(path)).body, before)
})

t.test('SEC-AUTHORISATION an ended session is refused however it is shown', async (t) => {
  for (const actor of strangers) {
    if (actor === 'anonymous') continue
    const { token, cookie } = people[actor]
    for (const headers of [{ authorization: `Bearer ${token}` }, { cookie }]) {
      const answer = await new RestClient(parley.url, headers).get('/messaging/api/auth/me/')
      t.match(
        [answer.status, answer.body],
        [401, { code: 'unauthenticated' }],
        `${actor} by ${Object.keys(headers).join()}`
      )
    }
  }
})
