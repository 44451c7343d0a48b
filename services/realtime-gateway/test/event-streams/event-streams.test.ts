import { randomUUID } from 'node:crypto'
import { EventPage, ChangePage, encodeControl, userSubject, validator } from '@parley/contracts'
import { type TestContext, waitUntil } from '@parley/testing'
import t from 'tap'
import type { SignedIn } from '../fake-conversation-api.ts'
import { startGateway } from '../test-gateway.ts'

interface StreamEvent {
  id: string | undefined
  data: Record<string, unknown>
}

interface Stream {
  status: number
  events: StreamEvent[]
  text: () => string
  /** Resolves when the server has ended it. */
  ended: Promise<void>
  headers: Headers
}

const bearer = ({ token }: SignedIn) => ({ authorization: `Bearer ${token}` })

/** Reads an event stream as it comes. */
async function listen(t: TestContext, url: string, init: RequestInit): Promise<Stream> {
  const abort = new AbortController()
  t.teardown(() => abort.abort())
  const response = await fetch(url, { ...init, signal: abort.signal })
  const events: StreamEvent[] = []
  let text = ''
  const read = async () => {
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString()
      events.splice(0, events.length, ...parse(text))
    }
  }
  const ended = read().catch(() => undefined)
  return { status: response.status, events, text: () => text, ended, headers: response.headers }
}

function parse(text: string): StreamEvent[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .flatMap((block) => {
      const fields = new Map(
        block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)])
      )
      const data = fields.get('data')
      return data ? [{ id: fields.get('id'), data: JSON.parse(data) as Record<string, unknown> }] : []
    })
}

async function world(t: Parameters<typeof startGateway>[0], tuning: Parameters<typeof startGateway>[1] = {}) {
  const gateway = await startGateway(t, tuning)
  const { api, url } = gateway
  const ada = api.signIn('ada')
  const bob = api.signIn('bob')
  const room = api.conversation(ada.user, bob.user)
  const path = `${url}/messaging/api/conversations/${room.id}/events/`
  const many = `${url}/messaging/api/events/`
  return { ...gateway, ada, bob, room, path, many }
}

t.test(
  'STR-1 one conversation as an event stream, each event with its seq, resumed by Last-Event-ID',
  async (t) => {
    const { room, ada, bob, path } = await world(t)
    const stream = await listen(t, path, { headers: { ...bearer(bob), accept: 'text/event-stream' } })
    t.equal(stream.headers.get('content-type'), 'text/event-stream')
    t.equal(stream.headers.get('cache-control'), 'no-store')
    await waitUntil(() => stream.events.length === 1, { message: 'the answer' })
    t.match(
      stream.events[0],
      { id: '2', data: { type: 'subscribed', head: 2 } },
      'with an id, to resume from'
    )
    t.match(stream.text(), /^retry: \d+\n\n/)
    const { message } = room.send(ada.user, 'line one\nline two')
    await waitUntil(() => stream.events.length === 2, { message: 'the message' })
    t.match(stream.events[1], { id: '3', data: { type: 'message', seq: 3, prev: 2, message } })

    const resumed = await listen(t, `${path}?since=3`, { headers: { ...bearer(bob), 'last-event-id': '1' } })
    await waitUntil(() => resumed.events.length === 3, { message: 'the replay' })
    t.strictSame(
      resumed.events.map(({ id, data }) => [id, data.type]),
      [
        ['2', 'member_added'],
        ['3', 'message'],
        ['3', 'subscribed']
      ]
    )

    room.remove(bob.user)
    room.send(ada.user, 'secret')
    for (const one of [stream, resumed]) {
      await one.ended
      t.match(one.events.at(-1), { data: { type: 'member_removed' } }, 'a removal is the end')
      t.notMatch(one.text(), /secret/)
    }
  }
)

t.test('STR-1 what is refused is an ordinary answer', async (t) => {
  const { api, url, ada, bob, room, path, many } = await world(t)
  const code = async (address: string, init: RequestInit = {}) => {
    const response = await fetch(address, init)
    return `${response.status} ${((await response.json()) as { code: string }).code}`
  }
  const cookie = `parley_session=${bob.token}`
  t.equal(await code(path), '401 unauthenticated')
  t.equal(await code(path, { headers: bearer(api.signIn('eve')) }), '404 not_found')
  t.equal(await code(path.replace(room.id, randomUUID()), { headers: bearer(bob) }), '404 not_found')
  t.equal(await code(path.replace(room.id, 'x'), { headers: bearer(bob) }), '404 not_found')
  t.equal(await code(`${path}?since=99`, { headers: bearer(bob) }), '400 cursor_ahead')
  t.equal(await code(`${path}?since=-1`, { headers: bearer(bob) }), '400 validation_failed')
  t.equal(await code(`${path}?wait=61`, { headers: bearer(bob) }), '400 validation_failed')
  t.equal(await code(path, { headers: { ...bearer(bob), 'last-event-id': 'x' } }), '400 validation_failed')
  t.equal(await code(path, { headers: { ...bearer(bob), accept: 'text/html' } }), '406 not_acceptable')
  t.equal(await code(path, { headers: { cookie, origin: 'http://evil.test' } }), '403 origin_forbidden')
  const body = JSON.stringify({ cursors: {} })
  const json = { 'content-type': 'application/json' }
  t.equal(await code(many, { method: 'POST', headers: { ...json, cookie }, body }), '403 origin_forbidden')
  t.equal(
    await code(many, { method: 'POST', headers: { ...json, ...bearer(ada) }, body: '{"cursors":{"x":1}}' }),
    '400 validation_failed'
  )
  t.equal(
    await code(many, { method: 'POST', headers: { ...json, ...bearer(ada) }, body: '{' }),
    '400 invalid_json'
  )
  t.equal(await code(many, { headers: bearer(ada) }), '405 method_not_allowed')
  api.fail('authenticate')
  t.equal(await code(path, { headers: bearer(bob) }), '503 unavailable')
  api.heal()
  const own = await listen(t, path, { headers: { cookie } })
  t.equal(own.status, 200, 'a browser names no origin when it reads from its own')
  t.ok(url)
})

t.test('STR-2 many conversations in one stream, each from its cursor', async (t) => {
  const { api, ada, bob, room, many } = await world(t)
  const second = api.conversation(bob.user)
  const foreign = api.conversation(ada.user)
  const cursors = { [room.id]: 1, [second.id]: 1, [foreign.id]: 0 }
  const stream = await listen(t, many, {
    method: 'POST',
    headers: { ...bearer(bob), 'content-type': 'application/json' },
    body: JSON.stringify({ cursors })
  })
  await waitUntil(() => stream.events.length === 4, { message: 'all answers' })
  const seen = stream.events.map(({ data }) => data)
  t.match(
    seen.find(({ type }) => type === 'error'),
    { code: 'not_found', conversation_id: foreign.id }
  )
  t.match(
    seen.find(({ type }) => type === 'member_added'),
    { conversation_id: room.id, seq: 2 }
  )
  second.send(bob.user, 'in the second')
  room.send(ada.user, 'in the first')
  await waitUntil(() => stream.events.length === 6, { message: 'both messages' })
  room.remove(bob.user)
  second.send(bob.user, 'still')
  await waitUntil(() => stream.events.length === 9, { message: 'the rest' })
  const types = stream.events.slice(6).map(({ data }) => data.type)
  t.strictSame(new Set(types), new Set(['member_removed', 'unsubscribed', 'message']))
})

t.test('STR-3 long-polling one conversation', async (t) => {
  const { api, bus, ada, bob, room, path } = await world(t)
  const isPage = validator(ChangePage)
  const poll = async (query: string) => {
    const response = await fetch(path + query, { headers: { ...bearer(bob), accept: 'application/json' } })
    return { status: response.status, page: (await response.json()) as ChangePage }
  }
  const at_once = await poll('?since=0')
  t.ok(isPage(at_once.page))
  t.match(at_once.page, { items: [{ type: 'member_added', seq: 1 }, { seq: 2 }], head: 2, next_since: 2 })
  t.match((await poll('?since=2')).page, { items: [], head: 2, next_since: 2 })
  const before = performance.now()
  t.match((await poll('?since=2&wait=1')).page, { items: [], next_since: 2 })
  t.ok(performance.now() - before > 900, 'it waited')

  const before_poll = api.countOf('readRooms')
  const waiting = poll('?since=2&wait=30')
  await waitUntil(() => api.countOf('readRooms') > before_poll, { message: 'it is listening' })
  room.send(ada.user, 'at last')
  room.send(ada.user, 'and another')
  const { page } = await waiting
  t.ok(isPage(page))
  t.match(page.items[0], { type: 'message', seq: 3, prev: 2 })
  t.equal(page.next_since, 2 + page.items.length)

  t.test('who was removed, or signed out, is not told any more', async (t) => {
    const reads = api.countOf('readRooms')
    const removed = poll('?wait=30')
    await waitUntil(() => api.countOf('readRooms') > reads, { message: 'it is listening' })
    room.remove(bob.user)
    room.send(ada.user, 'secret')
    const { status, page } = await removed
    t.equal(status, 200)
    t.match(page.items.at(-1), { type: 'member_removed' })
    t.notMatch(JSON.stringify(page), /secret/)
    t.equal((await poll('?since=0')).status, 404)

    room.add(bob.user)
    const rejoined = api.countOf('readRooms')
    const signed_out = poll('?wait=30')
    await waitUntil(() => api.countOf('readRooms') > rejoined, { message: 'it is listening' })
    api.signOut(bob)
    const ended = encodeControl({ type: 'session_ended', session_id: bob.session_id })
    bus.publish(userSubject(bob.user.id), ended)
    t.equal((await signed_out).status, 401)
  })
})

t.test('STR-3 long-polling many', async (t) => {
  const { api, ada, bob, room, many } = await world(t)
  const second = api.conversation(bob.user)
  const foreign = api.conversation(ada.user)
  const poll = async (query: string, cursors: Record<string, number>) => {
    const headers = { ...bearer(bob), accept: 'application/json', 'content-type': 'application/json' }
    const response = await fetch(many + query, { method: 'POST', headers, body: JSON.stringify({ cursors }) })
    return (await response.json()) as EventPage
  }
  const isPage = validator(EventPage)
  const first = await poll('', { [room.id]: 2, [second.id]: 1, [foreign.id]: 0 })
  t.ok(isPage(first))
  t.strictSame(new Set(first.complete), new Set([room.id, second.id]))
  t.match(first, {
    items: [],
    cursors: { [room.id]: 2, [second.id]: 1 },
    errors: { [foreign.id]: { code: 'not_found' } }
  })
  t.notOk(Object.hasOwn(first.cursors, foreign.id))
  t.match(await poll('?wait=30', { [foreign.id]: 0 }), { items: [] }, 'nothing to wait for')
  t.match(await poll('', {}), { items: [], cursors: {}, errors: {} })
  const replayed = await poll('?wait=30', { [room.id]: 0, [second.id]: 1 })
  t.match(replayed, { items: [{ seq: 1 }, { seq: 2 }], cursors: { [room.id]: 2, [second.id]: 1 } })

  const reads = api.countOf('readRooms')
  const waiting = poll('?wait=30', first.cursors)
  await waitUntil(() => api.countOf('readRooms') > reads, { message: 'it is listening' })
  second.send(bob.user, 'hello')
  t.match(await waiting, { items: [{ type: 'message' }], cursors: { [room.id]: 2, [second.id]: 2 } })
})

t.test('STR-3 DLV-1 an answer that a row has moved out of is not complete', async (t) => {
  const { api, ada, bob, room, path, many } = await world(t, { tuning: { page_events: 5 } })
  const { message } = room.send(ada.user, 'moves')
  for (let n = 0; n < 12; n++) room.send(ada.user, `${n}`)
  room.edit(ada.user, message.id, 'moved')
  const headers = { ...bearer(bob), accept: 'application/json', 'content-type': 'application/json' }
  const answers: EventPage[] = []
  for (let since = 2; since < room.head; since = answers.at(-1)?.cursors[room.id] ?? since) {
    const body = JSON.stringify({ cursors: { [room.id]: since } })
    answers.push((await (await fetch(many, { method: 'POST', headers, body })).json()) as EventPage)
  }
  t.ok(answers.length > 1)
  t.strictSame(
    answers.map(({ complete }) => complete),
    [...answers.slice(1).map(() => []), [room.id]],
    'only the last'
  )
  t.match(answers.at(-1)?.items.at(-1), { type: 'message_edited', seq: room.head })

  const one = await fetch(`${path}?since=2`, { headers })
  t.match(
    await one.json(),
    { head: room.head, next_since: 8 },
    'of one conversation head and next_since say it'
  )
  t.ok(api.countOf('readRooms') > 1)
})

t.test('LAG-1 a stream that is not read stops being written, and goes on where it was', async (t) => {
  const { room, ada, bob, path, url } = await world(t, {
    tuning: { lag_bytes: 128 * 1024, page_events: 20, heartbeat_ms: 60_000 }
  })
  const abort = new AbortController()
  t.teardown(() => abort.abort())
  const response = await fetch(path, { headers: bearer(bob), signal: abort.signal })
  const body = 'x'.repeat(15_000)
  const metrics = async () => (await fetch(`${url}/metrics`)).text()
  const count = async (state: string) =>
    new RegExp(`gateway_subscriptions\\{state="${state}"[^}]*\\} 1`).test(await metrics())
  await waitUntil(() => count('live'), { message: 'it is listening' })
  while (!(await count('behind'))) for (let n = 0; n < 50; n++) room.send(ada.user, body)
  for (let n = 0; n < 50; n++) room.send(ada.user, body)
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString()
    if (text.includes(`id: ${room.head}\n`)) break
  }
  const ids = parse(text)
    .filter(({ id }) => id)
    .map(({ id }) => Number(id))
  t.strictSame(
    ids,
    Array.from({ length: room.head - 1 }, (_, n) => n + 2)
  )
  t.ok(text.includes('"type":"lagging"'))
})

t.test('CON-7 a stream gets comments, so that nobody takes it for dead', async (t) => {
  const { bob, path, app } = await world(t, { tuning: { heartbeat_ms: 50 } })
  const stream = await listen(t, path, { headers: bearer(bob) })
  await waitUntil(() => stream.text().split('\n:\n').length > 4, { message: 'four comments' })
  await app.close()
  await stream.ended
  t.equal(stream.events.length, 1)
})

t.test('SEC-CORS pages of allowed origins read streams and pages too', async (t) => {
  const { ada, path } = await world(t)
  for (const [origin, expected] of [
    ['http://app.test', 'http://app.test'],
    ['https://evil.example', null]
  ] as const) {
    const headers = { ...bearer(ada), origin }
    const stream = await listen(t, path, { headers: { ...headers, accept: 'text/event-stream' } })
    const page = await fetch(path, { headers: { ...headers, accept: 'application/json' } })
    for (const answer of [stream, page]) {
      t.equal(answer.status, 200)
      t.equal(answer.headers.get('access-control-allow-origin'), expected)
      t.equal(answer.headers.get('access-control-allow-credentials'), null)
      t.equal(answer.headers.get('vary'), 'Origin')
    }
  }
})
