import type { AddressInfo } from 'node:net'
import {
  type Command,
  commandsPerRequest,
  encodeRoomPages,
  internalPaths,
  internalSecretHeader,
  onlySendsHeader,
  ProblemError,
  type RoomRead
} from '@parley/contracts'
import { createService, type ServiceInstance } from '@parley/service-kit'
import { freePort, type TestContext } from '@parley/testing'
import { pino } from 'pino'
import t from 'tap'
import { CommandQueue } from '../../src/api-client/command-queue.ts'
import { RoomReader } from '../../src/api-client/room-reader.ts'
import { createHttpConversationApi } from '../../src/index.ts'
import { defaultTuning } from '../../src/tuning.ts'
import { FakeConversationApi } from '../fake-conversation-api.ts'

const secret = 'a secret for tests only'

/** The internal listener as conversation-api has it, on the fake; `break` decides what a request comes to. */
async function startApi(t: TestContext, api: FakeConversationApi) {
  const app: ServiceInstance = createService({ name: 'conversation-api', logger: false })
  let fault: 'none' | 'status' | 'full' | 'late' | 'hang' = 'none'
  let refused = 0
  app.addHook('onRequest', async (request) => {
    if (request.headers[internalSecretHeader] !== secret) throw new ProblemError('unauthenticated')
    if (fault === 'status') throw new ProblemError('unavailable')
    if (fault === 'hang') await new Promise(() => {})
    const isSends = request.headers[onlySendsHeader] !== undefined
    if (fault !== 'full' || !isSends) return
    refused++
    throw new ProblemError('overloaded', { retry_after_ms: 1_000 })
  })
  // The work is done, and then the connection breaks: the client cannot know.
  app.addHook('onSend', async (request) => {
    if (fault === 'late') request.raw.socket.destroy()
  })
  app.post(internalPaths.authenticate, async ({ body }) => ({
    authenticated: await api.authenticate(body as never)
  }))
  app.post(internalPaths.execute, async ({ body }) => api.execute(body as never))
  app.post(internalPaths.roomsOf, async ({ body }) => api.roomsOf((body as { user_id: string }).user_id))
  app.post(internalPaths.beat, async ({ body }) => api.beat(body as never))
  app.post(internalPaths.readRooms, async ({ body }, reply) =>
    reply.type('application/octet-stream').send(encodeRoomPages(await api.readRooms(body as RoomRead[])))
  )
  t.teardown(() => app.close())
  await app.listen({ port: 0, host: '127.0.0.1' })
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    break: (how: typeof fault) => {
      fault = how
    },
    refused: () => refused
  }
}

function world() {
  const fake = new FakeConversationApi()
  const ada = fake.signIn('ada')
  const room = fake.conversation(ada.user)
  const send = (client_id?: string): Command => ({
    user: ada.user,
    session_id: ada.session_id,
    frame: { type: 'send', conversation_id: room.id, body: 'x', ...(client_id ? { client_id } : {}) }
  })
  return { fake, ada, room, send }
}

t.test('every call of the port over HTTP', async (t) => {
  const { fake, ada, room, send } = world()
  const { url } = await startApi(t, fake)
  const api = createHttpConversationApi({ urls: [url], secret })
  t.teardown(() => api.close())
  t.match(await api.authenticate({ kind: 'session', token: ada.token }), {
    user: ada.user,
    session_id: ada.session_id
  })
  t.equal(await api.authenticate({ kind: 'session', token: 'nobody' }), null)
  t.match(await api.execute([send('k'), send('k')]), [
    { ok: true, seq: 2 },
    { ok: true, seq: 2, replay: true }
  ])
  const [page] = await api.readRooms([
    { conversation_id: room.id, since: 0, limit: 10, users: [ada.user.id] }
  ])
  t.match(page, { head: 2, next_since: 2, members: { [ada.user.id]: { role: 'owner' } } })
  t.match(JSON.parse(page?.events[1]?.frame.toString() ?? ''), { type: 'message', seq: 2, prev: 1 })
  t.match(await api.roomsOf(ada.user.id), { rooms: [{ conversation_id: room.id, joined_seq: 1 }] })
  t.match(await api.beat({ rooms: { [room.id]: 1 }, sessions: ['gone'], users: {} }), {
    rooms: { [room.id]: 2 },
    ended: ['gone']
  })
  const stranger = createHttpConversationApi({ urls: [url], secret: 'not the secret at all' })
  t.teardown(() => stranger.close())
  await t.rejects(stranger.roomsOf(ada.user.id), { code: 'unavailable' })
})

t.test('an instance that is away is passed over', async (t) => {
  const { fake, ada, send } = world()
  const { url } = await startApi(t, fake)
  const dead = `http://127.0.0.1:${await freePort()}`
  const api = createHttpConversationApi({ urls: [dead, url, dead], secret })
  t.teardown(() => api.close())
  for (let n = 0; n < 6; n++) {
    t.ok(await api.authenticate({ kind: 'session', token: ada.token }))
    // Never sent to the dead one, so that even a send without a key is safe.
    t.match(await api.execute([send()]), [{ ok: true, seq: n + 2 }])
  }
  const ticket = fake.ticket(ada)
  t.ok(await api.authenticate({ kind: 'ticket', ticket }))
})

t.test('what may have been carried out is repeated only where that does it once', async (t) => {
  const { fake, ada, room, send } = world()
  const [first, second] = [await startApi(t, fake), await startApi(t, fake)]
  const api = createHttpConversationApi({ urls: [first.url, second.url], secret })
  t.teardown(() => api.close())
  first.break('late')
  t.match(await api.execute([send('a'), send('b')]), [
    { ok: true, replay: true },
    { ok: true, replay: true }
  ])
  t.equal(room.messages.size, 2)

  const other = createHttpConversationApi({ urls: [first.url, second.url], secret })
  t.teardown(() => other.close())
  t.match(await other.execute([send('c'), send()]), [
    { ok: true, replay: true },
    { ok: false, code: 'unavailable' }
  ])
  t.equal(room.messages.size, 4, 'the one without a key was carried out once')

  const third = createHttpConversationApi({ urls: [first.url, second.url], secret })
  t.teardown(() => third.close())
  await t.rejects(third.execute([send()]), { code: 'unavailable' })
  t.equal(room.messages.size, 5)

  const fourth = createHttpConversationApi({ urls: [first.url, second.url], secret })
  t.teardown(() => fourth.close())
  const ticket = fake.ticket(ada)
  await t.rejects(fourth.authenticate({ kind: 'ticket', ticket }), { code: 'unavailable' })
})

t.test('an instance too busy to begin, or one that hangs, costs a try', async (t) => {
  const { fake, room, send } = world()
  const [first, second] = [await startApi(t, fake), await startApi(t, fake)]
  first.break('status')
  const api = createHttpConversationApi({ urls: [first.url, second.url], secret, timeout_ms: 300 })
  t.teardown(() => api.close())
  t.match(await api.execute([send()]), [{ ok: true }])
  first.break('hang')
  const patient = createHttpConversationApi({ urls: [first.url, second.url], secret, timeout_ms: 300 })
  t.teardown(() => patient.close())
  t.match(await patient.beat({ rooms: {}, sessions: [], users: {} }), { ended: [] })
  second.break('status')
  await t.rejects(patient.execute([send('k')]), { code: 'unavailable', extras: { retry_after_ms: 1_000 } })
  t.equal(room.messages.size, 1)
})

t.test(
  'an instance with no room for sends is passed over; where none has any, they are told so',
  async (t) => {
    const { fake, room, send } = world()
    const [first, second] = [await startApi(t, fake), await startApi(t, fake)]
    const api = createHttpConversationApi({ urls: [first.url, second.url], secret })
    t.teardown(() => api.close())
    const queue = new CommandQueue(api, defaultTuning, pino({ level: 'silent' }))
    first.break('full')
    t.match(await queue.execute(1, send('a')), { ok: true })
    second.break('full')
    const refusal = { ok: false, code: 'overloaded', extras: { retry_after_ms: 1_000 } }
    t.match(await Promise.all([queue.execute(1, send('b')), queue.execute(2, send())]), [refusal, refusal])
    t.equal(second.refused(), 1, 'each is asked once')
    t.equal(room.messages.size, 1)
    const read = { ...send(), frame: { type: 'read', conversation_id: room.id, seq: 1 } } as const
    t.match(await queue.execute(1, read), { ok: true }, 'what is no send is not refused for that')
  }
)

t.test('commands and reads of one turn travel together', async (t) => {
  const { fake, ada, room, send } = world()
  const queue = new CommandQueue(fake, { ...defaultTuning, send_calls: 1 }, pino({ level: 'silent' }))
  const results = await Promise.all(Array.from({ length: 300 }, (_, n) => queue.execute(0, send(`k${n}`))))
  t.strictSame(
    results.map((result) => result.ok && result.seq),
    Array.from({ length: 300 }, (_, n) => n + 2)
  )
  const sizes = fake.calls
    .filter(({ method }) => method === 'execute')
    .map(({ asked }) => (asked as Command[]).length)
  t.strictSame(sizes, [commandsPerRequest, 300 - commandsPerRequest])
  t.equal(queue.idle, true)

  const reader = new RoomReader(fake, defaultTuning)
  const question = { conversation_id: room.id, since: null, limit: 1 }
  const pages = await Promise.all([
    reader.read({ ...question, users: [ada.user.id] }),
    reader.read({ ...question, users: ['stranger'] }),
    reader.read({ ...question, since: 0, users: [] })
  ])
  t.match(pages, [{ members: { [ada.user.id]: {} } }, { head: 301 }, { events: [{ seq: 1 }] }])
  const reads = fake.calls
    .filter(({ method }) => method === 'readRooms')
    .map(({ asked }) => asked as RoomRead[])
  t.equal(reads.length, 1)
  t.match(reads[0], [{ since: null, users: [ada.user.id, 'stranger'] }, { since: 0 }])
  t.equal(reads[0]?.length, 2, 'questions about one room are one')
})
