import { encodeControl, userSubject } from '@parley/contracts'
import { waitUntil } from '@parley/testing'
import t from 'tap'
import { ofType, startGateway } from '../test-gateway.ts'

t.test(
  'SUB-6 subscribe_all: every room from its cursor, else from the head, and then the count',
  async (t) => {
    const { api, openAll } = await startGateway(t)
    const ada = api.signIn('ada')
    const bob = api.signIn('bob')
    const rooms = [1, 2, 3].map(() => api.conversation(ada.user, bob.user))
    const [first, second, third] = rooms
    if (!first || !second || !third) return
    const socket = await openAll(ada)
    socket.send({ type: 'subscribe_all', ref: 'all', cursors: { [first.id]: 0, [second.id]: second.head } })
    await socket.next(ofType('subscribed_all'))
    t.strictSame(socket.frames.at(-1), { type: 'subscribed_all', ref: 'all', count: 3 })
    t.strictSame(
      socket.frames
        .filter(({ prev }) => prev !== undefined)
        .map(({ conversation_id, seq }) => [conversation_id, seq]),
      [
        [first.id, 1],
        [first.id, 2]
      ]
    )
    t.strictSame(
      new Set(
        socket.frames
          .filter(ofType('subscribed'))
          .map(({ conversation_id, head }) => `${String(conversation_id)} ${String(head)}`)
      ),
      new Set(rooms.map(({ id, head }) => `${id} ${head}`))
    )
    for (const room of rooms) {
      room.send(bob.user, 'hi')
      t.match(await socket.next(), { type: 'message', conversation_id: room.id, prev: 2 })
    }

    t.test('SUB-6 cursors for what is not mine, or from the future', async (t) => {
      const strange = api.conversation(bob.user)
      const socket = await openAll(ada)
      socket.send({ type: 'subscribe_all', cursors: { [strange.id]: 0, [first.id]: 99 } })
      await socket.next(ofType('subscribed_all'))
      const errors = socket.frames.filter(ofType('error'))
      t.match(
        errors.find(({ conversation_id }) => conversation_id === strange.id),
        { code: 'not_found' }
      )
      t.match(
        errors.find(({ conversation_id }) => conversation_id === first.id),
        { code: 'cursor_ahead', head: first.head }
      )
      t.equal(errors.length, 2)
    })

    t.test(
      'SUB-6 a room that was unsubscribed stays so, and one that was subscribed keeps its cursor',
      async (t) => {
        const socket = await openAll(ada)
        socket.send({ type: 'subscribe', conversation_id: first.id, since: 0 })
        socket.send({ type: 'subscribe_all' })
        await socket.next(ofType('subscribed_all'))
        const replayed = () =>
          socket.frames.some(({ conversation_id, seq }) => conversation_id === first.id && seq === 1)
        await waitUntil(replayed, { message: 'the first room is replayed' })
        socket.send({ type: 'unsubscribe', conversation_id: second.id })
        await socket.next(ofType('unsubscribed'))
        api.conversation(ada.user)
        await socket.next(ofType('subscribed'))
        second.send(bob.user, 'unheard')
        third.send(bob.user, 'heard')
        t.match(await socket.next(ofType('message')), { conversation_id: third.id })
      }
    )

    t.test('SUB-6 an api out of reach: unavailable, to be tried again', async (t) => {
      const socket = await openAll(ada)
      api.fail('roomsOf')
      socket.send({ type: 'subscribe_all', ref: 1 })
      t.match(await socket.next(), { type: 'error', code: 'unavailable', temporary: true, ref: 1 })
      api.heal()
      socket.send({ type: 'subscribe_all', ref: 2 })
      t.match(await socket.next(ofType('subscribed_all')), { ref: 2 })
    })
  }
)

t.test(
  'SUB-6 whoever is added to a room gets it from there on, told by the bus or by the beat',
  async (t) => {
    for (const told of ['bus', 'beat']) {
      const { api, bus, openAll } = await startGateway(t, {
        tuning: { beat_ms: told === 'bus' ? 60_000 : 10 }
      })
      const ada = api.signIn('ada')
      const bob = api.signIn('bob')
      const room = api.conversation(bob.user)
      room.send(bob.user, 'before')
      const socket = await openAll(ada)
      socket.send({ type: 'subscribe_all' })
      t.match(await socket.next(ofType('subscribed_all')), { count: 0 })
      room.add(ada.user)
      room.send(bob.user, 'right after')
      const control = encodeControl({ type: 'rooms_changed', rooms_version: api.roomsVersion(ada.user.id) })
      if (told === 'bus') bus.publish(userSubject(ada.user.id), control)
      t.match(await socket.next(), { type: 'member_added', seq: 3, prev: 2 }, told)
      t.match(await socket.next(), { type: 'message', seq: 4 })
      t.match(await socket.next(), { type: 'subscribed', conversation_id: room.id, head: 4 })

      room.remove(ada.user)
      t.match(await socket.next(), { type: 'member_removed', seq: 5 })
      t.match(await socket.next(), { type: 'unsubscribed', reason: 'not_a_member' })
      room.send(bob.user, 'unheard')
      room.add(ada.user)
      bus.publish(
        userSubject(ada.user.id),
        encodeControl({ type: 'rooms_changed', rooms_version: api.roomsVersion(ada.user.id) })
      )
      t.match(await socket.next(), { type: 'message', seq: 6, prev: 5 }, 'it goes on where it was')
      t.match(await socket.next(), { type: 'member_added', seq: 7, prev: 6 })
      socket.terminate()
    }
  }
)

t.test('SUB-6 added again before the removal came by: subscribed again', async (t) => {
  const { api, bus, openAll } = await startGateway(t, { tuning: { beat_ms: 60_000 } })
  const ada = api.signIn('ada')
  const bob = api.signIn('bob')
  const room = api.conversation(bob.user, ada.user)
  const socket = await openAll(ada)
  socket.send({ type: 'subscribe_all' })
  await socket.next(ofType('subscribed_all'))
  const { doorbell } = api
  const late: Parameters<typeof doorbell>[0][] = []
  api.doorbell = (event) => late.push(event)
  room.remove(ada.user)
  room.send(bob.user, 'said while away')
  room.add(ada.user)
  bus.publish(
    userSubject(ada.user.id),
    encodeControl({ type: 'rooms_changed', rooms_version: api.roomsVersion(ada.user.id) })
  )
  await waitUntil(() => api.countOf('roomsOf') === 2, { message: 'the list was read again' })
  for (const event of late) doorbell(event)
  const seen = []
  for (let n = 0; n < 5; n++) seen.push((await socket.next()).type)
  t.strictSame(seen, ['member_removed', 'unsubscribed', 'message', 'member_added', 'subscribed'])
})

t.test('SUB-6 a user of many rooms is subscribed to a part of them in a turn', async (t) => {
  const { api, openAll } = await startGateway(t)
  const ada = api.signIn('ada')
  const bob = api.signIn('bob')
  const rooms = Array.from({ length: 450 }, () => api.conversation(ada.user, bob.user))
  const [first, last] = [rooms[0], rooms.at(-1)]
  if (!first || !last) return
  const socket = await openAll(ada)
  let most = 0
  const perTurn = () => {
    const asked = api.calls.filter(({ method }) => method === 'readRooms').map(({ asked }) => asked)
    most = Math.max(most, ...asked.map((reads) => (Array.isArray(reads) ? reads.length : 0)))
  }
  socket.send({ type: 'subscribe_all', ref: 'many', cursors: { [last.id]: 0 } })
  const added = api.conversation(ada.user)
  await socket.next(ofType('subscribed_all'))
  perTurn()
  t.ok(most > 0 && most <= 200, `${most} rooms read at once`)
  t.equal(new Set(socket.frames.filter(ofType('subscribed')).map((one) => one.conversation_id)).size, 451)
  t.equal(
    socket.frames.filter((one) => one.conversation_id === last.id && one.prev !== undefined).length,
    last.head
  )
  for (const room of [first, last, added]) room.send(ada.user, 'hi')
  for (let n = 0; n < 3; n++) t.match(await socket.next(), { type: 'message' })
})

t.test('NTF-5 a muted conversation is silent on /ws/notifications/, and nowhere else', async (t) => {
  const { api, open, openAll } = await startGateway(t, { tuning: { beat_ms: 50 } })
  const [ada, bob] = [api.signIn('ada'), api.signIn('bob')]
  const [muted, other] = [api.conversation(ada.user, bob.user), api.conversation(ada.user, bob.user)]
  api.mute(bob.user.id, muted.id)
  const news = await open('/ws/notifications/', bob)
  const all = await openAll(bob)
  all.send({ type: 'subscribe_all' })
  await all.next(ofType('subscribed_all'))
  const heard = () => news.frames.map(({ preview }) => preview)
  const say = async (text: string) => {
    muted.send(ada.user, `muted ${text}`)
    other.send(ada.user, text)
    await news.next(({ preview }) => preview === text)
  }
  await say('one')
  t.strictSame(heard(), ['one'])
  await all.next(({ conversation_id }) => conversation_id === muted.id)

  const lists = api.countOf('roomsOf')
  api.mute(bob.user.id, muted.id, false)
  await waitUntil(() => api.countOf('roomsOf') > lists, { message: 'the list is read again' })
  muted.send(ada.user, 'heard again')
  await news.next(({ preview }) => preview === 'heard again')
  t.strictSame(heard(), ['one', 'heard again'], 'what was said meanwhile is no news')

  api.mute(bob.user.id, muted.id)
  await waitUntil(() => api.countOf('roomsOf') > lists + 1, { message: 'and again' })
  await say('two')
  t.strictSame(heard(), ['one', 'heard again', 'two'])
})
