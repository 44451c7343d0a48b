import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { ChangePage, ConversationPage, Message } from '@parley/contracts'
import { waitUntil } from '@parley/testing'
import t from 'tap'
import {
  bodyOf,
  CONVERSATIONS,
  findRoom,
  historyOf,
  makeRoom,
  nextFrame,
  nextSimple,
  type Person,
  processesWith,
  RestClient,
  say,
  signUp,
  startStandalone
} from '../src/index.ts'
import { temporaryFolder, testStandalone } from './standalone-fixture.ts'

t.setTimeout(120_000)

const dataDir = await temporaryFolder(t)

t.test('what is wrong with the settings is said at once, and nothing starts', async (t) => {
  const env = {
    PORT: 'http',
    LOG_LEVEL: 'loud',
    DATABASE_URL: 'mysql://db',
    NATS_URL: 'db',
    RATE_LIMITS: 'maybe'
  }
  const refused = await startStandalone({ dataDir, env }).catch((error: Error) => error)
  if (!(refused instanceof Error)) throw new Error('it started')
  for (const name of Object.keys(env)) t.match(refused.message, new RegExp(`^${name}: `, 'm'))
  t.match(refused.cause, { message: 'it ended with 1' })
  t.same(await readdir(dataDir), [])

  const server = createServer().listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const taken = { message: new RegExp(`port ${port} .*in use`), cause: { message: 'it ended with 1' } }
  await t.rejects(startStandalone({ dataDir, port }), taken)
})

t.test('SIGTERM and start again: everything is found as it was', async (t) => {
  const first = await testStandalone(t, { dataDir })
  const [ann, ben] = await Promise.all([signUp(first.url, 'ann'), signUp(first.url, 'ben')])
  const room = await makeRoom(ann, ben)
  const hello = await say(ann, room, 'hello')
  await say(ben, room, 'hi')
  await ann.api.delete(`${CONVERSATIONS}${room}/messages/${hello.id}/`)
  await ben.api.post(`${CONVERSATIONS}${room}/read/`, { seq: hello.seq })
  const before = await everything(ann, room)
  const readByBen = await findRoom(ben, room)
  const socket = await ben.connect(`/ws/chat/${room}/`)

  t.same(await first.stop(), { code: 0, signal: null })
  t.match(await socket.closed, { code: 4000 }, 'its sockets are told to come back')
  t.same(await processesWith(dataDir), [], 'no process is left')

  const second = await testStandalone(t, { dataDir, port: first.port })
  t.same(await everything(ann, room), before)
  t.same(await findRoom(ben, room), readByBen)
  t.match((await new RestClient(second.url, { cookie: ann.cookie }).get('/messaging/api/auth/me')).body, {
    user: ann.user
  })
  const again = await ben.connect(`/ws/chat/${room}/?since=${hello.seq}`)
  await say(ann, room, 'welcome back')
  t.equal((await nextSimple(again, 'message')).message.body, 'hi')
  t.match(await nextSimple(again, 'message_deleted'), { message_id: hello.id })
  t.equal((await nextSimple(again, 'message')).message.body, 'welcome back')
  await again.close()
  await second.stop()
})

t.test('kill -9 and start again: nothing acknowledged is lost', async (t) => {
  const env = { RATE_LIMITS: 'off' }
  const first = await testStandalone(t, { dataDir, env })
  const people = await Promise.all(['ann', 'ben', 'cora', 'dan'].map((name) => signUp(first.url, name)))
  const [ann = await signUp(first.url, 'ann'), ...others] = people
  const room = await makeRoom(ann, ...others)
  const sends: Send[] = []
  const senders = people.flatMap((person) => [
    sendOverRest(person, room, sends),
    sendOverSocket(person, room, sends)
  ])
  const acknowledged = () => sends.filter(({ seq }) => seq !== undefined)
  await waitUntil(() => acknowledged().length >= 300, { message: '300 acknowledged', timeout_ms: 20_000 })
  await first.kill()
  await Promise.all(senders)
  await waitUntil(async () => (await processesWith(dataDir)).length === 0, {
    message: 'no Postgres is orphaned',
    timeout_ms: 15_000
  })

  const second = await testStandalone(t, { dataDir, env, port: first.port })
  const history = await historyOf(ann, room)
  const kept = new Map(history.map((message) => [message.client_id, message]))
  const lost = acknowledged().filter(({ client_id, seq }) => kept.get(client_id)?.seq !== seq)
  t.same(lost, [], `of ${acknowledged().length} acknowledged none is lost`)
  t.equal(kept.size, history.length, 'and none is there twice')

  const unknown = sends.filter(({ seq }) => seq === undefined)
  for (const { person, client_id } of unknown) {
    const answer = await person.api.post(`${CONVERSATIONS}${room}/messages/`, { body: client_id, client_id })
    const earlier = kept.get(client_id)
    const { seq } = bodyOf(answer, earlier ? 200 : 201, Message)
    if (earlier) t.equal(seq, earlier.seq, 'a retry finds what had been committed')
  }
  t.equal((await historyOf(ann, room)).length, sends.length, `and ${unknown.length} retried are there once`)
  await lineIsDense(ann, room)
  t.same(await second.stop(), { code: 0, signal: null })
  t.same(await processesWith(dataDir), [])

  async function lineIsDense(person: Person, id: string): Promise<void> {
    const { head } = await findRoom(person, id)
    const seqs: number[] = []
    for (let since = 0; since < head; ) {
      const answer = await person.api.get(`${CONVERSATIONS}${id}/changes/?since=${since}&limit=1000`)
      const { items, next_since } = bodyOf(answer, 200, ChangePage)
      seqs.push(...items.map(({ seq }) => seq))
      since = next_since
    }
    t.same(
      seqs,
      Array.from({ length: head }, (_, index) => index + 1),
      'the number line has no hole'
    )
  }
})

interface Send {
  person: Person
  client_id: string
  /** Once acknowledged. */
  seq?: number
}

/** One after the other, until the server is gone. */
async function sendOverRest(person: Person, room: string, sends: Send[]): Promise<void> {
  for (let n = 0; ; n++) {
    const send: Send = { person, client_id: `${person.user.username}:rest:${n}` }
    sends.push(send)
    const { client_id } = send
    const message = { body: client_id, client_id }
    const answer = await person.api.post(`${CONVERSATIONS}${room}/messages/`, message).catch(isGone)
    if (!answer) return
    send.seq = bodyOf(answer, 201, Message).seq
  }
}

/** The same over a socket. */
async function sendOverSocket(person: Person, room: string, sends: Send[]): Promise<void> {
  const socket = await person.connect(`/ws/chat/${room}/`, { protocol: 'parley.v1' })
  for (let n = 0; ; n++) {
    const send: Send = { person, client_id: `${person.user.username}:socket:${n}` }
    sends.push(send)
    const { client_id } = send
    socket.send({ type: 'send', ref: n, conversation_id: room, client_id, body: client_id })
    const ack = await nextFrame(socket, 'ack').catch((error: unknown) => {
      if (socket.ws.readyState === socket.ws.OPEN) throw error
    })
    if (!ack) return
    send.seq = ack.seq
  }
}

function isGone(error: unknown): undefined {
  if (error instanceof TypeError) return undefined
  throw error
}

async function everything(person: Person, room: string) {
  const { items } = bodyOf(await person.api.get(CONVERSATIONS), 200, ConversationPage)
  const { body: members } = await person.api.get(`${CONVERSATIONS}${room}/members/`)
  return { items, members, history: await historyOf(person, room) }
}
