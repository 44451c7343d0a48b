import { randomUUID } from 'node:crypto'
import {
  encodeControl,
  joinEvents,
  limits,
  roomSubject,
  serverFrames,
  userSubject,
  validator
} from '@parley/contracts'
import { type Frame, type TestSocket, waitUntil } from '@parley/testing'
import t from 'tap'
import { ofType, startGateway } from '../test-gateway.ts'

const validators = new Map(Object.entries(serverFrames).map(([type, schema]) => [type, validator(schema)]))
const seqs = (socket: TestSocket) => socket.frames.map(({ seq }) => seq).filter((seq) => seq !== undefined)
const durable = (socket: TestSocket) => socket.frames.filter(({ prev }) => prev !== undefined)

t.test('subscribing', async (t) => {
  const { api, openAll, open } = await startGateway(t)
  const ada = api.signIn('ada')
  const bob = api.signIn('bob')
  const room = api.conversation(ada.user, bob.user)
  const { id: conversation_id } = room

  t.test('SUB-1 without a cursor: from the head, nothing is replayed', async (t) => {
    const socket = await openAll(bob)
    socket.send({ type: 'subscribe', conversation_id, ref: 'r1' })
    t.strictSame(await socket.next(), {
      type: 'subscribed',
      ref: 'r1',
      conversation_id,
      since: room.head,
      head: room.head,
      role: 'member',
      read_seq: 0
    })
    const { message } = room.send(ada.user, 'one')
    t.match(await socket.next(), { type: 'message', seq: message.seq, prev: message.seq - 1, message })
  })

  t.test('SUB-1 with a cursor: everything after it, in order, and then the answer', async (t) => {
    const edited = room.send(ada.user, 'draft').message
    room.edit(ada.user, edited.id, 'final')
    const erased = room.send(ada.user, 'oops').message
    room.erase(ada.user, erased.id)
    const { head } = room
    for (const since of [0, 1, head - 1, head]) {
      const socket = await openAll(bob)
      socket.send({ type: 'subscribe', conversation_id, since })
      t.match(await socket.next(ofType('subscribed')), { since, head })
      t.equal(durable(socket)[0]?.prev, since === head ? undefined : since)
      t.equal(durable(socket).at(-1)?.seq, since === head ? undefined : head)
      for (const [n, { prev }] of durable(socket).entries())
        if (n > 0) t.equal(prev, durable(socket)[n - 1]?.seq)
      socket.terminate()
    }
  })

  t.test('SUB-3 a cursor beyond the head is refused, and told the head', async (t) => {
    const socket = await openAll(bob)
    socket.send({ type: 'subscribe', conversation_id, since: room.head + 1, ref: 3 })
    const { head } = room
    t.match(await socket.next(), {
      type: 'error',
      code: 'cursor_ahead',
      head,
      ref: 3,
      conversation_id,
      temporary: false
    })
  })

  t.test('SUB-2 not a member, no such conversation: not_found alike', async (t) => {
    const socket = await openAll(bob)
    for (const id of [api.conversation(ada.user).id, randomUUID()]) {
      socket.send({ type: 'subscribe', conversation_id: id, ref: id, since: 0 })
      const title = 'There is nothing here that you may see'
      t.strictSame(await socket.next(), {
        type: 'error',
        ref: id,
        conversation_id: id,
        code: 'not_found',
        title,
        temporary: false
      })
    }
  })

  t.test('SUB-4 a repeated subscribe moves the cursor and is answered again', async (t) => {
    const socket = await openAll(bob)
    socket.send({ type: 'subscribe', conversation_id })
    await socket.next(ofType('subscribed'))
    socket.send({ type: 'subscribe', conversation_id, since: room.head - 1, ref: 'again' })
    t.match(await socket.next(), { seq: room.head })
    t.match(await socket.next(), { type: 'subscribed', ref: 'again' })
    room.send(ada.user, 'once')
    await socket.next(ofType('message'))
    t.equal(seqs(socket).filter((seq) => seq === room.head).length, 1, 'one subscription, not two')
  })

  t.test('SUB-5 unsubscribe is answered, and nothing follows', async (t) => {
    const socket = await openAll(bob)
    socket.send({ type: 'unsubscribe', conversation_id, ref: 1 })
    t.match(await socket.next(), { type: 'error', code: 'not_subscribed', ref: 1 })
    socket.send({ type: 'subscribe', conversation_id })
    await socket.next(ofType('subscribed'))
    socket.send({ type: 'unsubscribe', conversation_id, ref: 2 })
    t.strictSame(await socket.next(), { type: 'unsubscribed', ref: 2, conversation_id, reason: 'asked' })
    room.send(ada.user, 'unheard')
    socket.send({ type: 'unsubscribe', conversation_id, ref: 3 })
    t.match(await socket.next(), { ref: 3 })
  })

  t.test('SUB-8 a room address is subscribed at once, and to nothing else', async (t) => {
    const fresh = await open(`/ws/chat/${conversation_id}/`, bob, 'parley.v1')
    t.match(
      [await fresh.next(), await fresh.next()],
      [{ type: 'welcome' }, { type: 'subscribed', head: room.head }]
    )
    const resumed = await open(`/ws/chat/${conversation_id}/?since=${room.head - 2}`, bob, 'parley.v1')
    await resumed.next(ofType('subscribed'))
    t.equal(durable(resumed).length, 2)
    resumed.send({ type: 'subscribe', conversation_id: api.conversation(bob.user).id, ref: 1 })
    t.match(await resumed.next(), { type: 'error', code: 'bad_request', ref: 1 })
    resumed.send({ type: 'subscribe_all', ref: 2 })
    t.match(await resumed.next(), { type: 'error', code: 'bad_request', ref: 2 })
  })

  t.test('SUB-7 at most 1,000 explicit subscriptions', async (t) => {
    const socket = await openAll(bob)
    for (let n = 0; n < limits.subscriptions_per_connection; n++)
      socket.send({ type: 'subscribe', conversation_id: api.conversation(bob.user).id })
    socket.send({ type: 'subscribe', conversation_id, ref: 'too many' })
    t.match(await socket.next(({ ref }) => ref !== undefined), { code: 'too_many_subscriptions' })
    const count = () => socket.frames.filter(ofType('subscribed')).length
    await waitUntil(() => count() === limits.subscriptions_per_connection, { message: 'all answered' })
    t.ok(api.countOf('readRooms') < 200, 'rooms are read together')
  })
})

t.test('commands', async (t) => {
  const { api, openAll } = await startGateway(t)
  const ada = api.signIn('ada')
  const bob = api.signIn('bob')
  const room = api.conversation(ada.user, bob.user)
  const { id: conversation_id } = room
  const socket = await openAll(ada)
  socket.send({ type: 'subscribe', conversation_id })
  await socket.next(ofType('subscribed'))
  const answer = (ref: string) => socket.next((frame) => frame.ref === ref)

  t.test('SND-1 ack comes after the result; the sender gets its message as one of the group', async (t) => {
    const release = api.hold('execute')
    socket.send({ type: 'send', conversation_id, client_id: 'c1', body: 'hello', ref: 'a' })
    await socket.next(ofType('message'))
    t.notOk(socket.frames.find(ofType('ack')), 'nothing is acknowledged before the api says so')
    release()
    const ack = await answer('a')
    t.match(ack, { type: 'ack', conversation_id, seq: room.head })
    t.ok(validators.get('ack')?.(ack))
  })

  t.test('SND-2 a retry with the same client_id is answered with the first', async (t) => {
    const first = room.head
    socket.send({ type: 'send', conversation_id, client_id: 'c1', body: 'hello', ref: 'b' })
    t.match(await answer('b'), { type: 'ack', seq: first, replay: true, message: { body: 'hello' } })
    t.equal(room.head, first)
  })

  t.test('SND-4 edit, delete, react, unreact, read', async (t) => {
    const { id: message_id } = room.send(ada.user, 'text').message
    socket.send({ type: 'edit', conversation_id, message_id, body: 'better', ref: 'e' })
    t.match(await answer('e'), { type: 'ack', seq: room.head })
    socket.send({ type: 'react', conversation_id, message_id, emoji: '👍', ref: 'x' })
    t.match(await answer('x'), { type: 'ack' })
    socket.send({ type: 'unreact', conversation_id, message_id, emoji: '👍', ref: 'u' })
    t.match(await answer('u'), { type: 'ack' })
    socket.send({ type: 'delete', conversation_id, message_id, ref: 'd' })
    t.match(await answer('d'), { type: 'ack' })
    socket.send({ type: 'read', conversation_id, seq: 2, ref: 'r' })
    t.match(await answer('r'), { type: 'ack', seq: 2 })
    await waitUntil(() => durable(socket).at(-1)?.seq === room.head, { message: 'all frames' })
    for (const type of ['message_edited', 'reaction', 'message_deleted']) {
      const frame = socket.frames.find(ofType(type))
      t.ok(validators.get(type)?.(frame), type)
    }
  })

  t.test('SND-5 a failed command is an error with its ref, code and conversation', async (t) => {
    const elsewhere = api.conversation(bob.user).id
    socket.send({ type: 'send', conversation_id: elsewhere, client_id: 'c2', body: 'x', ref: 'n' })
    const error = await answer('n')
    t.match(error, { type: 'error', code: 'not_found', conversation_id: elsewhere, temporary: false })
    t.ok(validators.get('error')?.(error))
  })

  t.test('SND-7 the commands of a connection keep their order and travel together', async (t) => {
    const calls = api.countOf('execute')
    for (let n = 0; n < 30; n++)
      socket.send({
        type: 'send',
        conversation_id,
        client_id: `order ${n}`.replace(' ', '-'),
        body: `${n}`,
        ref: `o${n}`
      })
    await answer('o29')
    const sent = [...room.messages.values()].filter(({ client_id }) => client_id?.startsWith('order'))
    t.strictSame(
      sent.map(({ body }) => body),
      Array.from({ length: 30 }, (_, n) => `${n}`)
    )
    t.ok(api.countOf('execute') - calls < 10, `${api.countOf('execute') - calls} calls`)
  })

  t.test('SND-5 an api out of reach: unavailable, temporary; the retry is safe', async (t) => {
    const bobs = await openAll(bob)
    api.fail('execute')
    const frame = { type: 'send', conversation_id, client_id: 'c3', body: 'x', ref: 'f' }
    bobs.send(frame)
    t.match(await bobs.next(), {
      type: 'error',
      code: 'unavailable',
      temporary: true,
      retry_after_ms: 1_000,
      ref: 'f'
    })
    api.heal()
    bobs.send(frame)
    t.match(await bobs.next(), { type: 'ack' })
  })
})

t.test('SND-6 20 sends a second with a burst of 40, for all connections of a user together', async (t) => {
  const { api, openAll } = await startGateway(t)
  const ada = api.signIn('ada')
  const { id: conversation_id } = api.conversation(ada.user)
  const sockets = [await openAll(ada), await openAll(ada)]
  for (let n = 0; n < 100; n++)
    sockets[n % 2]?.send({ type: 'send', conversation_id, client_id: `c${n}`, body: 'x', ref: n })
  const all = () => sockets.flatMap(({ frames }) => frames)
  await waitUntil(() => all().filter(({ ref }) => ref !== undefined).length === 100, {
    message: 'all answered'
  })
  const limited = all().filter(({ code }) => code === 'rate_limited')
  t.ok(limited.length > 20 && limited.length <= 60, `${limited.length} of 100 were refused`)
  t.match(limited[0], { type: 'error', temporary: true, retry_after_ms: Number })
})

t.test('SND-6 limits can be off, for benchmarks', async (t) => {
  const { api, openAll } = await startGateway(t, { config: { RATE_LIMITS: 'off' } })
  const ada = api.signIn('ada')
  const { id: conversation_id } = api.conversation(ada.user)
  const socket = await openAll(ada)
  for (let n = 0; n < 100; n++)
    socket.send({ type: 'send', conversation_id, client_id: `c${n}`, body: 'x', ref: n })
  await socket.next(({ ref }) => ref === 99)
  t.equal(socket.frames.filter(ofType('ack')).length, 100)
})

t.test('SND-5 more commands than can wait: overloaded, to be tried again', async (t) => {
  const { api, openAll } = await startGateway(t, {
    tuning: { commands_waiting: 2, send_calls: 1 },
    config: { RATE_LIMITS: 'off' }
  })
  const ada = api.signIn('ada')
  const { id: conversation_id } = api.conversation(ada.user)
  const socket = await openAll(ada)
  const release = api.hold('execute')
  const send = (ref: number) =>
    socket.send({ type: 'send', conversation_id, client_id: `c${ref}`, body: 'x', ref })
  send(0)
  await waitUntil(() => api.countOf('execute') === 1, { message: 'the first is on its way' })
  for (let n = 1; n < 6; n++) send(n)
  t.match(await socket.next(({ ref }) => ref === 5), {
    code: 'overloaded',
    retry_after_ms: 1_000,
    temporary: true
  })
  release()
  await socket.next(({ ref }) => ref === 2)
  t.strictSame(
    socket.frames.filter(({ ref }) => ref !== undefined).map(({ ref, type }) => [ref, type]),
    [
      [3, 'error'],
      [4, 'error'],
      [5, 'error'],
      [0, 'ack'],
      [1, 'ack'],
      [2, 'ack']
    ]
  )
})

t.test('bad frames', async (t) => {
  const { api, openAll } = await startGateway(t)
  const ada = api.signIn('ada')
  const { id: conversation_id } = api.conversation(ada.user)

  t.test('CON-6 a malformed frame is answered with an error and the ref, if it can be read', async (t) => {
    const socket = await openAll(ada)
    const cases: [string | object, object][] = [
      ['{', { code: 'malformed_frame' }],
      ['[]', { code: 'malformed_frame' }],
      ['"subscribe"', { code: 'malformed_frame' }],
      ['null', { code: 'malformed_frame' }],
      [{}, { code: 'unknown_frame' }],
      [
        { type: 'nonsense', ref: 'r' },
        { code: 'unknown_frame', ref: 'r' }
      ],
      // An ack for nothing: acknowledging is the server's.
      [
        { type: 'ack', ref: 1, conversation_id, seq: 1 },
        { code: 'unknown_frame', ref: 1 }
      ],
      [{ type: '__proto__' }, { code: 'unknown_frame' }],
      [{ type: 'toString' }, { code: 'unknown_frame' }],
      [{ type: ['subscribe'] }, { code: 'unknown_frame' }],
      [
        { type: 'subscribe', ref: 7 },
        { code: 'validation_failed', ref: 7, detail: /conversation_id/ }
      ],
      [{ type: 'subscribe', conversation_id: 'x' }, { code: 'validation_failed' }],
      [{ type: 'subscribe', conversation_id, since: -1 }, { code: 'validation_failed' }],
      [{ type: 'subscribe', conversation_id, since: '1' }, { code: 'validation_failed' }],
      [{ type: 'subscribe', conversation_id, extra: 1, ref: 'x'.repeat(201) }, { code: 'validation_failed' }],
      [
        `{"type":"subscribe","conversation_id":"${conversation_id}","__proto__":{}}`,
        { code: 'validation_failed' }
      ],
      [{ type: 'send', conversation_id, client_id: 'c', body: ' \n' }, { code: 'validation_failed' }],
      [
        { type: 'send', conversation_id, client_id: 'c', body: 'x'.repeat(16_001) },
        { code: 'validation_failed' }
      ],
      [`{"type":"send","body":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, { code: 'validation_failed' }]
    ]
    for (const [frame, expected] of cases) {
      socket.send(frame)
      const error: Frame = await socket.next()
      t.match(error, { type: 'error', temporary: false, ...expected })
      t.ok(validators.get('error')?.(error))
      // Something good in between: it is many in a row that end a connection.
      socket.send({ type: 'unsubscribe', conversation_id })
      await socket.next()
    }
  })

  t.test('CON-6 twenty in a row end the connection', async (t) => {
    const socket = await openAll(ada)
    for (let n = 0; n < 20; n++) socket.send('{')
    t.match(await socket.closed, { code: 4504, reason: 'protocol_error' })
    t.equal(socket.frames.filter(ofType('error')).length, 20)
  })

  t.test('CON-5 a binary frame is an error, and the end', async (t) => {
    const socket = await openAll(ada)
    socket.send(Buffer.from('{}'))
    t.match(await socket.next(), { type: 'error', code: 'binary_frame' })
    t.match(await socket.closed, { code: 4504 })
  })

  t.test('CON-8 more frames than any client needs are refused, and then the connection', async (t) => {
    const socket = await openAll(ada)
    for (let n = 0; n < 1_500; n++) socket.send({ type: 'unsubscribe', conversation_id })
    t.match(await socket.closed, { code: 4504 })
    t.ok(socket.frames.some(({ code }) => code === 'rate_limited'))
  })
})

t.test('volatile frames', async (t) => {
  const { api, openAll, open, bus } = await startGateway(t)
  const ada = api.signIn('ada')
  const bob = api.signIn('bob')
  const room = api.conversation(ada.user, bob.user)
  const { id: conversation_id } = room

  t.test('DLV-7 typing goes to the others in the room, once a second', async (t) => {
    const [a, a2, b] = [await openAll(ada), await openAll(ada), await openAll(bob)]
    const simple = await open(`/ws/chat/${conversation_id}/`, bob)
    a.send({ type: 'typing', conversation_id, on: true, ref: 1 })
    t.match(await a.next(), { code: 'not_subscribed', ref: 1 })
    for (const socket of [a, a2, b]) {
      socket.send({ type: 'subscribe', conversation_id })
      await socket.next(ofType('subscribed'))
    }
    for (const on of [true, false, true]) a.send({ type: 'typing', conversation_id, on, ref: 't' })
    t.strictSame(await b.next(), { type: 'typing', conversation_id, user_id: ada.user.id, on: true })
    t.match(await b.next(), { on: false })
    t.match(await a.next(), { type: 'error', code: 'rate_limited', ref: 't' })
    room.send(bob.user, 'after')
    for (const socket of [a, a2]) t.match(await socket.next(), { type: 'message' }, 'not to oneself')
    t.match(await simple.next(), { type: 'message' })
  })

  t.test('DLV-6 a read position goes to the other connections of its user', async (t) => {
    const [a, a2, b] = [await openAll(ada), await openAll(ada), await openAll(bob)]
    for (const socket of [a, a2, b]) {
      socket.send({ type: 'subscribe', conversation_id })
      await socket.next(ofType('subscribed'))
    }
    a.send({ type: 'read', conversation_id, seq: 2, ref: 'r' })
    await a.next(ofType('ack'))
    bus.publish(userSubject(ada.user.id), encodeControl({ type: 'read', conversation_id, read_seq: 2 }))
    t.strictSame(await a2.next(), { type: 'read', conversation_id, user_id: ada.user.id, seq: 2 })
    room.send(bob.user, 'after')
    for (const socket of [a, b]) t.match(await socket.next(), { type: 'message' })
  })

  t.test('THR-3 how far one has read a thread goes to all connections of its user', async (t) => {
    const [a, a2, b] = [await openAll(ada), await openAll(ada), await openAll(bob)]
    for (const socket of [a, a2, b]) {
      socket.send({ type: 'subscribe', conversation_id })
      await socket.next(ofType('subscribed'))
    }
    const read = { conversation_id, thread_id: randomUUID() }
    const control = encodeControl({ type: 'thread_read', ...read, read_seq: 2 })
    bus.publish(userSubject(ada.user.id), control)
    for (const socket of [a, a2])
      t.strictSame(await socket.next(), { type: 'thread_read', ...read, user_id: ada.user.id, seq: 2 })
    room.send(bob.user, 'after')
    t.match(await b.next(), { type: 'message' }, 'nobody else')
  })

  t.test('DLV-4 what is no event of this conversation changes nothing', async (t) => {
    const socket = await openAll(bob)
    socket.send({ type: 'subscribe', conversation_id })
    await socket.next(ofType('subscribed'))
    const { head } = room
    const subject = roomSubject(conversation_id)
    const foreign = {
      conversation_id: randomUUID(),
      seq: head + 1,
      prev: head,
      kind: 'message.created',
      subject_id: 'x',
      actor_id: 'x',
      frame: Buffer.from('{}')
    } as const
    for (const garbage of [
      Buffer.alloc(0),
      Buffer.from('nonsense'),
      Buffer.from('99999\n1 0 x'),
      Buffer.from('-5\nx'),
      joinEvents([foreign])
    ])
      bus.publish(subject, garbage)
    bus.publish(subject, Buffer.from(`9\n1 0 a.b c\n`))
    bus.publish(`typing.${conversation_id}`, Buffer.from('{"type":"typing"}'))
    bus.publish(`user.${bob.user.id}`, Buffer.from('{'))
    room.send(ada.user, 'still here')
    t.match(await socket.next(), { type: 'message', seq: head + 1 })
  })
})
