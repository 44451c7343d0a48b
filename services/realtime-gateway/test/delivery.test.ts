import { encodeControl, joinEvents, roomSubject, userSubject, type DurableEvent } from '@parley/contracts'
import { createMemoryEventBus } from '@parley/event-bus'
import { type TestSocket, waitUntil } from '@parley/testing'
import t from 'tap'
import { FakeConversationApi } from './fake-conversation-api.ts'
import { ofType, startGateway, type TestGateway } from './test-gateway.ts'

/** A group of two in a room of their own, one of them listening. */
async function listening(gateway: TestGateway) {
  const { api } = gateway
  const ada = api.signIn('ada')
  const bob = api.signIn('bob')
  const room = api.conversation(ada.user, bob.user)
  const socket = await gateway.openAll(bob)
  socket.send({ type: 'subscribe', conversation_id: room.id })
  await socket.next(ofType('subscribed'))
  return { ada, bob, room, socket }
}

const durable = ({ frames }: TestSocket) =>
  frames.filter(({ prev }) => prev !== undefined).map(({ seq }) => seq)

/** Keeps the doorbells back instead of ringing them. */
function keepDoorbells(api: FakeConversationApi): DurableEvent[] {
  const kept: DurableEvent[] = []
  api.doorbell = (event) => kept.push(event)
  return kept
}

t.test('DLV-4 a gap is filled from the api, once for the whole room', async (t) => {
  const gateway = await startGateway(t, { tuning: { beat_ms: 60_000 } })
  const { api, bus, openAll } = gateway
  const { ada, bob, room, socket } = await listening(gateway)
  const others = await Promise.all([openAll(bob), openAll(bob)])
  for (const other of others) {
    other.send({ type: 'subscribe', conversation_id: room.id })
    await other.next(ofType('subscribed'))
  }
  const kept = keepDoorbells(api)
  for (const body of ['lost', 'lost too', 'rung']) room.send(ada.user, body)
  const reads = api.countOf('readRooms')
  bus.publish(roomSubject(room.id), joinEvents(kept.slice(2)))
  for (const one of [socket, ...others]) {
    await waitUntil(() => durable(one).length === 3, { message: 'all three' })
    t.strictSame(durable(one), [3, 4, 5])
  }
  t.equal(api.countOf('readRooms'), reads + 1)

  t.test(
    'DLV-4 duplicates and old doorbells are dropped, disorder within a turn costs nothing',
    async (t) => {
      kept.splice(0)
      for (const body of ['a', 'b', 'c']) room.send(ada.user, body)
      const [a, b, c] = kept
      if (!a || !b || !c) return
      for (const event of [c, a, a, b, c, b]) bus.publish(roomSubject(room.id), joinEvents([event]))
      await waitUntil(() => durable(socket).length >= 6, { message: 'three more' })
      room.send(ada.user, 'd')
      bus.publish(roomSubject(room.id), joinEvents(kept.slice(3)))
      await waitUntil(() => durable(socket).includes(9), { message: 'the last' })
      t.strictSame(durable(socket), [3, 4, 5, 6, 7, 8, 9])
      t.equal(api.countOf('readRooms'), reads + 1)
    }
  )
})

t.test(
  'DLV-5 a lost last doorbell is found by the beat; a bus that is away delays, and loses nothing',
  async (t) => {
    const bus = createMemoryEventBus()
    const gateway = await startGateway(t, { bus, tuning: { beat_ms: 20 } })
    const { api } = gateway
    const { ada, bob, room, socket } = await listening(gateway)
    keepDoorbells(api)
    room.send(ada.user, 'nobody rang')
    t.match(await socket.next(), { type: 'message', seq: 3 })
    await bus.close()
    room.send(ada.user, 'no bus at all')
    t.match(await socket.next(), { type: 'message', seq: 4 })
    const late = await gateway.openAll(bob)
    late.send({ type: 'subscribe', conversation_id: room.id, since: 0 })
    t.match(await late.next(ofType('subscribed')), { head: 4 })
    room.send(ada.user, 'still no bus')
    t.match(await late.next(), { type: 'message', seq: 5 })
  }
)

t.test('DLV-1 two gateways on one bus: whoever is connected where, all get all in one order', async (t) => {
  const api = new FakeConversationApi()
  const bus = createMemoryEventBus()
  const gateways = [await startGateway(t, { api, bus }), await startGateway(t, { api, bus })]
  const users = ['ada', 'bob', 'carol'].map((name) => api.signIn(name))
  const room = api.conversation(...users.map(({ user }) => user))
  const sockets: TestSocket[] = []
  for (const [n, session] of users.entries()) {
    const socket = await gateways[n % 2]?.open(`/ws/chat/${room.id}/`, session, 'parley.v1')
    if (!socket) return
    await socket.next(ofType('subscribed'))
    sockets.push(socket)
  }
  const bodies = Array.from({ length: 60 }, (_, n) => `message ${n}`)
  for (const [n, body] of bodies.entries())
    sockets[n % 3]?.send({ type: 'send', conversation_id: room.id, client_id: `c${n}`, body })
  const expected = Array.from({ length: 60 }, (_, n) => n + 4)
  for (const socket of sockets) {
    await waitUntil(() => durable(socket).length === 60, { message: 'all messages' })
    t.strictSame(durable(socket), expected)
  }
})

t.test('LAG-3 a deep replay goes by pages, and live events follow without a gap', async (t) => {
  const gateway = await startGateway(t, { tuning: { page_events: 50, ring_events: 20 } })
  const { api } = gateway
  const { ada, bob, room } = await listening(gateway)
  for (let n = 0; n < 1_000; n++) room.send(ada.user, `message ${n}`)
  const socket = await gateway.openAll(bob)
  socket.send({ type: 'subscribe', conversation_id: room.id, since: 0 })
  const writing = setInterval(() => room.send(ada.user, 'meanwhile'), 2)
  t.teardown(() => clearInterval(writing))
  await socket.next(ofType('subscribed'), 10_000)
  clearInterval(writing)
  room.send(ada.user, 'the last')
  await waitUntil(() => durable(socket).at(-1) === room.head, { message: 'the head' })
  t.strictSame(
    durable(socket),
    Array.from({ length: room.head }, (_, n) => n + 1)
  )
  t.ok(api.countOf('readRooms') >= 20)
})

t.test('REV-1 a removed member gets everything up to its removal, and nothing after', async (t) => {
  const gateway = await startGateway(t)
  const { api, open } = gateway
  const { ada, bob, room, socket } = await listening(gateway)
  const chats = [
    await open(`/ws/chat/${room.id}/`, bob),
    await open(`/ws/chat/${room.id}/`, bob, 'parley.v1')
  ]
  const witness = await open(`/ws/chat/${room.id}/`, ada, 'parley.v1')
  room.send(ada.user, 'the last you get')
  room.remove(bob.user)
  room.send(ada.user, 'secret')
  await waitUntil(() => durable(witness).includes(room.head), { message: 'the room went on' })
  t.match(await socket.next(), { type: 'message' })
  t.match(await socket.next(), { type: 'member_removed', user_id: bob.user.id })
  t.match(await socket.next(), { type: 'unsubscribed', conversation_id: room.id, reason: 'not_a_member' })
  socket.send({ type: 'subscribe', conversation_id: room.id, since: 0, ref: 1 })
  t.match(await socket.next(), { type: 'error', code: 'not_found', ref: 1 })
  for (const chat of chats) t.match(await chat.closed, { code: 4503, reason: 'not_a_member' }, 'REV-2')
  for (const one of [socket, ...chats]) t.notMatch(JSON.stringify(one.frames), /secret/)
  t.equal(chats[0]?.frames.length, 1)
  t.equal(api.conversations.size, 1)
})

t.test('REV-1 also where the removal lies in a gap or in a replay', async (t) => {
  const gateway = await startGateway(t, { tuning: { beat_ms: 20, page_events: 3 } })
  const { api, openAll } = gateway
  const { ada, bob, room, socket } = await listening(gateway)
  const carol = api.signIn('carol')
  room.add(carol.user)
  keepDoorbells(api)
  for (let n = 0; n < 5; n++) room.send(ada.user, `allowed ${n}`)
  room.remove(bob.user)
  for (let n = 0; n < 5; n++) room.send(ada.user, `secret ${n}`)
  await socket.next(ofType('unsubscribed'))
  t.equal(durable(socket).at(-1), 9, 'its removal is the last it gets')
  t.notMatch(JSON.stringify(socket.frames), /secret/)

  t.test('REV-1 removed and added again before the gap is filled: it stays', async (t) => {
    const carols = await openAll(carol)
    carols.send({ type: 'subscribe', conversation_id: room.id })
    await carols.next(ofType('subscribed'))
    room.remove(carol.user)
    room.add(carol.user)
    room.send(ada.user, 'back')
    t.match(await carols.next(ofType('message')), { message: { body: 'back' } })
    t.notOk(carols.frames.some(ofType('unsubscribed')))
  })
})

t.test('REV-2 a deleted conversation ends every subscription after its last event', async (t) => {
  const gateway = await startGateway(t)
  const { open } = gateway
  const { ada, room, socket } = await listening(gateway)
  const chat = await open(`/ws/chat/${room.id}/`, ada)
  room.delete(ada.user)
  t.match(await socket.next(), { type: 'conversation_deleted', seq: room.head })
  t.match(await socket.next(), { type: 'unsubscribed', reason: 'conversation_deleted' })
  t.match(await chat.closed, { code: 4503 })
})

t.test(
  'REV-3 an ended session closes its sockets, told by the bus or by the beat, and no others',
  async (t) => {
    for (const told of ['bus', 'beat']) {
      const gateway = await startGateway(t, { tuning: { beat_ms: told === 'bus' ? 60_000 : 20 } })
      const { api, bus, open, openAll } = gateway
      const { bob, room, socket } = await listening(gateway)
      const second = api.signIn('bob', bob.user)
      const other = await openAll(second)
      const chat = await open(`/ws/chat/${room.id}/`, bob)
      const inbox = await open('/ws/notifications/', bob)
      api.signOut(bob)
      const ended = encodeControl({ type: 'session_ended', session_id: bob.session_id })
      if (told === 'bus') bus.publish(userSubject(bob.user.id), ended)
      for (const one of [socket, chat, inbox])
        t.match(await one.closed, { code: 4501, reason: 'session_ended' }, told)
      other.send({ type: 'unsubscribe', conversation_id: room.id, ref: 'alive' })
      t.match(await other.next(), { ref: 'alive' })
      other.terminate()
    }
  }
)

t.test('REV-4 without a beat for too long nothing is written, until there is one again', async (t) => {
  const gateway = await startGateway(t, { tuning: { beat_ms: 20, unconfirmed_ms: 200 } })
  const { api, open } = gateway
  const { ada, bob, room, socket } = await listening(gateway)
  const mine = await open(`/ws/chat/${room.id}/`, ada, 'parley.v1')
  await mine.next(ofType('subscribed'))
  const simple = await open(`/ws/chat/${room.id}/`, ada)
  api.fail('beat')
  room.send(ada.user, 'still confirmed')
  for (const one of [socket, mine, simple]) await one.next(ofType('message'))
  await waitUntil(async () => (await metric(gateway.url, 'gateway_subscriptions{state="live"')) === 0, {
    message: 'all are behind'
  })
  const counts = [socket, mine, simple].map(({ frames }) => frames.length)
  room.send(ada.user, 'unseen by bob')
  room.remove(bob.user)
  const edited = room.send(ada.user, 'for ada').message
  room.edit(ada.user, edited.id, 'for ada, edited')
  await waitUntil(async () => (await metric(gateway.url, 'gateway_failed_beats_total{')) > 20, {
    message: 'time passes'
  })
  t.strictSame(
    [socket, mine, simple].map(({ frames }) => frames.length),
    counts,
    'nothing is written'
  )
  api.heal()
  t.match(await socket.next(), { type: 'unsubscribed', reason: 'not_a_member' }, 'membership is read again')
  await waitUntil(() => durable(mine).at(-1) === room.head, { message: 'ada catches up' })
  t.strictSame(durable(mine), [3, 4, 5, 6, 7])
  t.match(await simple.next(), { type: 'message', message: { body: 'unseen by bob' } })
  t.match(await simple.next(), { type: 'message', message: { body: 'for ada' } })
  t.match(await simple.next(), { type: 'message_edited', message: { body: 'for ada, edited' } })
})

/** The value of the first metric whose line begins so. */
async function metric(url: string, start: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const line = text.split('\n').find((one) => one.startsWith(start))
  return line ? Number(line.split(' ').at(-1)) : Number.NaN
}

t.test(
  'LAG-1 LAG-4 a reader that stalls catches up on the same socket, told so, and costs a bounded buffer',
  async (t) => {
    const gateway = await startGateway(t, {
      tuning: { lag_bytes: 256 * 1024, page_events: 20, ring_events: 20, heartbeat_ms: 60_000 }
    })
    const { api, open, openAll } = gateway
    const { ada, bob, room, socket } = await listening(gateway)
    const simple = await open(`/ws/chat/${room.id}/`, bob)
    const slow = [socket, simple]
    const quick = await openAll(ada)
    quick.send({ type: 'subscribe', conversation_id: room.id })
    await quick.next(ofType('subscribed'))
    for (const { ws } of slow) ws.pause()
    const body = 'x'.repeat(15_000)
    // More than the kernel's own buffers take.
    while ((await metric(gateway.url, 'gateway_subscriptions{state="behind"')) < 2) {
      for (let n = 0; n < 20; n++) room.send(ada.user, body)
      await waitUntil(() => durable(quick).at(-1) === room.head, {
        message: 'LAG-4 the others are not held up'
      })
    }
    const stalled_at = room.head
    for (let n = 0; n < 200; n++) room.send(ada.user, body)
    await waitUntil(() => durable(quick).at(-1) === room.head, { message: 'the others have it all' })
    for (const { ws } of slow) ws.resume()
    await waitUntil(() => durable(socket).at(-1) === room.head, { message: 'caught up', timeout_ms: 20_000 })
    t.strictSame(
      durable(socket),
      Array.from({ length: room.head - 2 }, (_, n) => n + 3)
    )
    const lagging = socket.frames.find(ofType('lagging'))
    t.match(lagging, { conversation_id: room.id, from: Number, to: Number })
    t.ok(Number(lagging?.from) <= stalled_at)
    await waitUntil(() => simple.frames.length === room.head - 2, { message: 'LAG-1 the simple reader too' })
    t.notOk(simple.frames.some(ofType('lagging')))
    room.send(ada.user, 'live again')
    t.match(
      await socket.next(({ message }) => (message as { body?: string } | undefined)?.body === 'live again'),
      {}
    )
    t.equal(api.conversations.size, 1)
  }
)

t.test('LAG-2 a reader that takes nothing for two heartbeats is closed', async (t) => {
  const gateway = await startGateway(t, {
    tuning: { lag_bytes: 128 * 1024, heartbeat_ms: 200, close_ms: 100 }
  })
  const { ada, room, socket } = await listening(gateway)
  socket.ws.pause()
  const body = 'x'.repeat(15_000)
  while ((await metric(gateway.url, 'gateway_subscriptions{state="behind"')) < 1)
    for (let n = 0; n < 50; n++) room.send(ada.user, body)
  await waitUntil(async () => (await metric(gateway.url, 'gateway_closed_total{code="too_slow"')) === 1, {
    message: 'closed as too slow'
  })
  await waitUntil(async () => (await metric(gateway.url, 'gateway_connections{dialect="parley.v1"')) === 0, {
    message: 'gone'
  })
  socket.ws.resume()
  t.match(await socket.closed, { code: /1006|4008/ })
})

t.test('CON-7 a peer that answers no ping is gone, one that does stays', async (t) => {
  const { api, openAll, url } = await startGateway(t, { tuning: { heartbeat_ms: 50 } })
  const ada = api.signIn('ada')
  const [alive, dead] = [await openAll(ada), await openAll(ada)]
  dead.ws.pause()
  await waitUntil(async () => (await metric(url, 'gateway_closed_total{code="heartbeat_missed"')) === 1, {
    message: 'the dead one is closed'
  })
  alive.send({ type: 'unsubscribe', conversation_id: ada.user.id, ref: 'here' })
  t.match(await alive.next(), { ref: 'here' })
  dead.ws.resume()
  t.match(await dead.closed, { code: 4009, reason: 'heartbeat_missed' })
})

t.test('DRN-1 DRN-3 draining', async (t) => {
  const gateway = await startGateway(t, { tuning: { drain_ms: 400 } })
  const { api, app, open, openAll, url } = gateway
  const { ada, room, socket } = await listening(gateway)
  const leaving = await openAll(ada)
  const simple = await open(`/ws/chat/${room.id}/`, ada)
  const release = api.hold('execute')
  const closed = app.close()

  t.match(await socket.next(), { type: 'move', within_ms: 400 }, 'DRN-1 who can move is told to')
  await leaving.next(ofType('move'))
  const refused: unknown = await openAll(ada).catch((error: unknown) => error)
  t.match(refused, { status: 503, headers: { 'retry-after': '1' } }, 'DRN-1 new sockets are refused')
  t.match(await (await fetch(`${url}/readyz`)).json(), { status: 'draining' })

  room.send(ada.user, 'meanwhile')
  t.match(await socket.next(), { type: 'message' }, 'DRN-1 who is still here is served')
  t.match(await simple.next(), { type: 'message' })
  socket.send({ type: 'send', conversation_id: room.id, client_id: 'c', body: 'in flight', ref: 'f' })
  await leaving.close()
  await waitUntil(() => api.countOf('execute') === 1, { message: 'a command is in flight' })
  setTimeout(release, 600)
  t.match(await socket.next(ofType('ack')), { ref: 'f' }, 'DRN-3 what is in flight is answered')
  for (const one of [socket, simple])
    t.match(await one.closed, { code: 4000, reason: 'shutting_down' }, 'DRN-3 and then they are closed')
  await closed
  await t.rejects(openAll(ada), { code: 'ECONNREFUSED' })
})

t.test('DRN-4 what a simple client says before it has read of the end is carried out', async (t) => {
  const { api, app, open } = await startGateway(t)
  const [ada, bob] = [api.signIn('ada'), api.signIn('bob')]
  const room = api.conversation(ada.user, bob.user)
  const [slow, quick] = await Promise.all([ada, bob].map((who) => open(`/ws/chat/${room.id}/`, who)))
  if (!slow || !quick) throw new Error('two sockets')
  slow.ws.pause()
  const closed = app.close()
  t.match(await quick.closed, { code: 4000 })
  slow.send({ body: 'just in time' })
  slow.ws.resume()
  t.match(await slow.closed, { code: 4000 })
  await closed
  t.match([...room.messages.values()], [{ body: 'just in time' }])
})

t.test('DRN-1 a gateway whose clients have moved stops at once', async (t) => {
  const { api, app, openAll, open } = await startGateway(t, { tuning: { drain_ms: 60_000 } })
  const ada = api.signIn('ada')
  const moving = await openAll(ada)
  const simple = await open(`/ws/chat/${api.conversation(ada.user).id}/`, ada)
  const closed = app.close()
  await moving.next(ofType('move'))
  await moving.close()
  t.match(await simple.closed, { code: 4000 })
  await closed
})
