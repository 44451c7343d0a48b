// A server that is killed, a session that ends, a token that is refused, frames from the future.
import t from 'tap'
import { startStandalone } from '@parley/acceptance'
import { waitUntil } from '@parley/testing'
import type { Transport, TransportEvents } from '../src/connection/transport.ts'
import { createClient, UnauthenticatedError, type WireFrame } from '../src/index.ts'
import { clientOf, dataFolder, makeRoom, testParley } from './parley.ts'

t.setTimeout(180_000)
const dataDir = await dataFolder(t)
const parley = await testParley(t, { dataDir })
const { url, port, signUp } = parley

t.test('a token that is refused is asked for again; a session that ends is the end', async (t) => {
  const ann = await signUp('ann')
  const asked: boolean[] = []
  const client = createClient({
    url,
    token: ({ refused }) => {
      asked.push(refused)
      return refused ? ann.token : 'stale'
    }
  })
  t.teardown(() => client.disconnect())
  t.match(await client.connect(), ann.user)
  t.strictSame(asked, [false, true])
  await client.rest('POST auth/logout/')
  await waitUntil(() => client.state.status === 'closed', { message: 'it is closed' })
  t.match(client.state.error, UnauthenticatedError)
  await t.rejects(client.connect(), UnauthenticatedError)
  t.strictSame(asked.slice(2), [false, true], 'asked anew, and again when it was refused')
})

t.test(
  'what was said while the server was down arrives once and in order, and everyone reads it so',
  async (t) => {
    const [ann, ben] = await Promise.all([signUp('ann'), signUp('ben')])
    const anns = clientOf(t, url, ann)
    const bens = clientOf(t, url, ben)
    await Promise.all([anns.connect(), bens.connect()])
    const room = await makeRoom(anns, ben.user.id)
    const heard: string[] = []
    bens.on('message', ({ message }) => heard.push(message.body ?? ''))
    const said = Array.from({ length: 30 }, (_, n) => `${n}`)
    const sent: Promise<unknown>[] = []
    for (const [n, body] of said.entries()) {
      sent.push(anns.conversation(room).send(body).sent)
      if (n === 9) await sent[4]
      // Somewhere in the middle: some are answered, some on their way, some not begun.
      if (n === 14) void parley.kill()
    }
    await waitUntil(() => anns.state.status === 'waiting', { message: 'the connection is lost' })
    const again = await startStandalone({ dataDir, port })
    t.teardown(() => again.stop())
    await Promise.all(sent)
    await waitUntil(() => heard.length >= said.length, { message: 'ben has heard it', timeout_ms: 40_000 })
    t.strictSame(heard, said)
    const { items } = await anns.conversation(room).history({ limit: 200 })
    t.strictSame(
      items.map(({ body }) => body),
      said
    )
  }
)

t.test('a frame of a newer server is told of, and keeps its place', async (t) => {
  let tell: TransportEvents['frame'] = () => undefined
  const user = { id: 'me', username: 'me', display_name: 'Me' }
  const transport: Transport = {
    kind: 'websocket',
    duplex: true,
    user,
    send: ({ ref = '' }) => queueMicrotask(() => tell({ type: 'subscribed_all', ref, count: 0 })),
    probe: () => undefined,
    close: () => undefined
  }
  const client = createClient({
    url,
    share: () => ({
      release: () => undefined,
      open: async (events) => {
        tell = events.frame
        return transport
      }
    })
  })
  await client.connect()
  const unknown: WireFrame[] = []
  client.on('unknown_frame', (frame) => unknown.push(frame))
  tell({ type: 'poll_closed', conversation_id: 'room', seq: 5, prev: 4 })
  tell({ type: 'waving', user_id: 'you' })
  tell({ type: 'poll_closed', conversation_id: 'room', seq: 5, prev: 4 })
  t.match(unknown, [{ type: 'poll_closed', seq: 5 }, { type: 'waving' }])
  t.equal(unknown.length, 2)
  t.strictSame(client.cursors(), { room: 5 })
})
