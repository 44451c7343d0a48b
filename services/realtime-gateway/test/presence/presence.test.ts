import { serverFrames, validator } from '@parley/contracts'
import { type TestSocket, waitUntil } from '@parley/testing'
import t from 'tap'
import { ofType, startGateway } from '../test-gateway.ts'

const tuning = { presence_ms: 20, presence_linger_ms: 100, typing_ms: 300 }
const isPresence = validator(serverFrames.presence)

async function listen(socket: TestSocket, conversation_id: string): Promise<TestSocket> {
  socket.send({ type: 'subscribe', conversation_id })
  await socket.next(ofType('subscribed'))
  return socket
}

t.test('PRS-1 PRS-2 those who listen hear of others, once, and of nobody else', async (t) => {
  const { api, openAll, open } = await startGateway(t, { tuning })
  const [ada, bob, eve] = [api.signIn('ada'), api.signIn('bob'), api.signIn('eve')]
  const rooms = [api.conversation(ada.user, bob.user).id, api.conversation(bob.user, ada.user).id]
  const b = await openAll(bob)
  for (const id of rooms) await listen(b, id)
  const outsider = await listen(await openAll(eve), api.conversation(eve.user).id)

  const a = await openAll(ada)
  const online = await b.next(ofType('presence'))
  t.strictSame(online, { type: 'presence', user_id: ada.user.id, status: 'online' })
  t.ok(isPresence(online))
  a.send({ type: 'presence', status: 'away' })
  t.match(await b.next(ofType('presence')), { user_id: ada.user.id, status: 'away' })
  const phone = await open('/ws/notifications/', ada)
  t.match(
    await b.next(ofType('presence')),
    { status: 'online' },
    'online on one device beats away on another'
  )
  await phone.close()
  t.match(await b.next(ofType('presence')), { status: 'away' })
  await a.close()
  t.match(await b.next(ofType('presence')), { status: 'offline' })
  t.equal(b.frames.filter(ofType('presence')).length, 5, 'each once, though they share two conversations')
  t.notOk(
    b.frames.some(({ type, user_id }) => type === 'presence' && user_id === bob.user.id),
    'not of oneself'
  )
  t.notOk(outsider.frames.some(ofType('presence')))
})

t.test('PRS-1 many hearers are told in parts, each once', async (t) => {
  const { api, openAll } = await startGateway(t, { tuning: { ...tuning, fan_out_chunk: 2 } })
  const ada = api.signIn('ada')
  const others = ['bob', 'eve', 'joe', 'kim', 'lea'].map((name) => api.signIn(name))
  const { id } = api.conversation(ada.user, ...others.map(({ user }) => user))
  const sockets = []
  for (const one of others) sockets.push(await listen(await openAll(one), id))
  await openAll(ada)
  const ofAda = (frame: Record<string, unknown>) => ofType('presence')(frame) && frame.user_id === ada.user.id
  for (const socket of sockets) await socket.next(ofAda)
  for (const socket of sockets) t.equal(socket.frames.filter(ofAda).length, 1)
})

t.test('PRS-2 whoever comes back at once was never gone; whoever polls is not here', async (t) => {
  const { api, openAll, url } = await startGateway(t, { tuning: { ...tuning, presence_linger_ms: 2_000 } })
  const [ada, bob] = [api.signIn('ada'), api.signIn('bob')]
  const { id } = api.conversation(ada.user, bob.user)
  const b = await listen(await openAll(bob), id)
  const headers = { authorization: `Bearer ${ada.token}`, accept: 'application/json' }
  await fetch(`${url}/messaging/api/conversations/${id}/events/?wait=0`, { headers })
  const reports = api.countOf('presence')
  await waitUntil(() => api.countOf('presence') > reports + 2, { message: 'reports after the poll' })
  t.notOk(b.frames.some(ofType('presence')))

  let a = await openAll(ada)
  await b.next(ofType('presence'))
  for (let n = 0; n < 3; n++) {
    await a.close()
    const before = api.countOf('presence')
    await waitUntil(() => api.countOf('presence') > before + 2, { message: 'reports in between' })
    a = await openAll(ada)
  }
  a.send({ type: 'presence', status: 'away' })
  t.match(await b.next(ofType('presence')), { status: 'away' })
  t.equal(b.frames.filter(ofType('presence')).length, 2)
})

t.test('PRS-3 what the api did not take in, or has forgotten, it is told again', async (t) => {
  const { api, openAll } = await startGateway(t, { tuning })
  const [ada, bob] = [api.signIn('ada'), api.signIn('bob')]
  const { id } = api.conversation(ada.user, bob.user)
  const b = await listen(await openAll(bob), id)
  api.fail('presence')
  const failed = api.countOf('presence')
  const a = await openAll(ada)
  await waitUntil(() => api.countOf('presence') > failed + 2, { message: 'reports that fail' })
  t.notOk(b.frames.some(ofType('presence')))
  api.heal()
  t.match(await b.next(ofType('presence')), { status: 'online' })

  api.leases.clear()
  a.send({ type: 'presence', status: 'away' })
  t.match(await b.next(({ status }) => status === 'away'), { user_id: ada.user.id })
  await waitUntil(() => [...api.leases.values()].some((lease) => lease.get(bob.user.id) === 'online'), {
    message: 'everyone who is here was told anew'
  })
})

t.test('PRS-6 one change a second', async (t) => {
  const { api, openAll } = await startGateway(t, { tuning })
  const a = await openAll(api.signIn('ada'))
  for (const ref of [1, 2, 3]) a.send({ type: 'presence', status: 'away', ref })
  t.match(await a.next(), { type: 'error', code: 'rate_limited', ref: 3, retry_after_ms: Number })
  a.send({ type: 'presence', status: 'offline', ref: 4 })
  t.match(await a.next(), { type: 'error', code: 'validation_failed', ref: 4 })
})

t.test('TYP-1 a typing that is not repeated ends by itself, at every gateway', async (t) => {
  const first = await startGateway(t, { tuning })
  const { api, bus } = first
  const second = await startGateway(t, { tuning, api, bus })
  const [ada, bob] = [api.signIn('ada'), api.signIn('bob')]
  const { id: conversation_id } = api.conversation(ada.user, bob.user)
  const a = await listen(await first.openAll(ada), conversation_id)
  const others = [await first.openAll(bob), await second.openAll(bob)]
  for (const socket of others) await listen(socket, conversation_id)
  const typing = { type: 'typing', conversation_id, user_id: ada.user.id }

  a.send({ type: 'typing', conversation_id, on: true })
  for (const socket of others) t.strictSame(await socket.next(ofType('typing')), { ...typing, on: true })
  a.terminate()
  for (const socket of others) {
    const began = performance.now()
    t.strictSame(await socket.next(ofType('typing')), { ...typing, on: false })
    t.ok(performance.now() - began < 2_000)
  }
})

t.test('TYP-1 repeating prolongs it, and who stopped is not stopped again', async (t) => {
  const { api, openAll } = await startGateway(t, {
    tuning: { ...tuning, typing_ms: 1_500 },
    config: { RATE_LIMITS: 'off' }
  })
  const [ada, bob] = [api.signIn('ada'), api.signIn('bob')]
  const room = api.conversation(ada.user, bob.user)
  const { id: conversation_id } = room
  const a = await listen(await openAll(ada), conversation_id)
  const b = await listen(await openAll(bob), conversation_id)
  const say = async (on: boolean) => {
    a.send({ type: 'typing', conversation_id, on })
    t.match(await b.next(ofType('typing')), { on })
  }
  const began = performance.now()
  await say(true)
  await waitUntil(() => performance.now() - began > 1_000, { message: 'most of the time has passed' })
  await say(true)
  t.match(await b.next(ofType('typing')), { on: false })
  t.ok(performance.now() - began > 2_000, 'the time began anew')
  await say(true)
  await say(false)
  const stopped = performance.now()
  await waitUntil(() => performance.now() - stopped > 2_200, { message: 'the time has passed' })
  t.equal(b.frames.filter(ofType('typing')).length, 5)
})
