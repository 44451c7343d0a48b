// Networks that block WebSockets: event streams, then long-polling, and back.
import { type Socket, createServer, connect } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type TestContext, waitUntil } from '@parley/testing'
import t from 'tap'
import { type Client, type ClientOptions, NotFoundError } from '../../src/index.ts'
import { clientOf, makeRoom, testParley } from '../parley.ts'

t.setTimeout(120_000)
const { url, port, signUp } = await testParley(t)

for (const transport of ['event-stream', 'long-poll'] as const) {
  t.test(`${transport}: everything comes, once and in order`, async (t) => {
    const [ann, ben] = await Promise.all([signUp('ann'), signUp('ben')])
    const anns = clientOf(t, url, ann)
    await anns.connect()
    const room = await makeRoom(anns, ben.user.id)
    await anns.conversation(room).send('before').sent
    const bens = clientOf(t, url, ben, { transports: [transport] })
    const heard = listen(bens)
    await bens.connect()
    t.equal(bens.state.transport, transport)
    await waitUntil(() => bens.cursors()[room] !== undefined, { message: 'ben follows the room' })
    for (const body of ['one', 'two', 'three']) anns.conversation(room).send(body)
    await waitUntil(() => heard.length === 3, { message: 'ben hears' })

    bens.disconnect()
    for (const body of ['four', 'five']) await anns.conversation(room).send(body).sent
    await bens.connect()
    await waitUntil(() => heard.length === 5, { message: 'ben hears what he missed' })
    t.strictSame(heard, ['one', 'two', 'three', 'four', 'five'])

    const { seq, message_id } = await bens.conversation(room).send('mine').sent
    await bens.conversation(room).edit(message_id, 'my own')
    await bens.conversation(room).react(message_id, '🎉')
    await bens.conversation(room).unreact(message_id, '🎉')
    await bens.conversation(room).pin(message_id)
    await bens.conversation(room).unpin(message_id)
    await bens.conversation(room).read(seq)
    await bens.conversation(room).delete(message_id)
    await t.rejects(bens.conversation(room).edit(room, 'x'), NotFoundError)

    const gone = new Promise((resolve) => bens.on('unsubscribed', resolve))
    const mine = await makeRoom(anns)
    bens.conversation(mine).subscribe()
    t.match(await gone, { conversation_id: mine, reason: 'not_a_member' })
  })
}

t.test('a conversation one is added to later is followed from that moment', async (t) => {
  const [ann, ben] = await Promise.all([signUp('ann'), signUp('ben')])
  const anns = clientOf(t, url, ann)
  const bens = clientOf(t, url, ben, { transports: ['event-stream'], clock: hastyClock() })
  await anns.connect()
  const earlier = await makeRoom(anns, ben.user.id)
  await bens.connect()
  // A room that is there when the first list is made would be followed from its head.
  await waitUntil(() => bens.cursors()[earlier] !== undefined, { message: 'ben follows what there is' })
  const heard = listen(bens)
  const room = await makeRoom(anns, ben.user.id)
  await anns.conversation(room).send('welcome').sent
  await waitUntil(() => heard.length === 1, { message: 'ben hears' })
  t.strictSame(heard, ['welcome'])
})

t.test(
  'where sockets are cut off a stream is used, where streams are kept back a poll, and a socket again',
  async (t) => {
    const [ann, ben] = await Promise.all([signUp('ann'), signUp('ben')])
    const proxy = await blockingProxy(t)
    const anns = clientOf(t, url, ann)
    const bens = clientOf(t, proxy.url, ben, { clock: hastyClock(), random: () => 0 })
    await Promise.all([anns.connect(), bens.connect()])
    const room = await makeRoom(anns, ben.user.id)
    const heard = listen(bens)
    t.equal(bens.state.transport, 'event-stream')
    const say = async (body: string) => {
      await anns.conversation(room).send(body).sent
      await waitUntil(() => heard.at(-1) === body, { message: body, timeout_ms: 15_000 })
    }
    await waitUntil(() => bens.cursors()[room] !== undefined, { message: 'ben follows the room' })
    await say('by stream')
    proxy.streams = false
    proxy.cut()
    await waitUntil(() => bens.state.transport === 'long-poll', { message: 'polling', timeout_ms: 20_000 })
    await say('by poll')
    proxy.sockets = true
    await waitUntil(() => bens.state.transport === 'websocket', { message: 'a socket', timeout_ms: 20_000 })
    await say('by socket')
    t.strictSame(heard, ['by stream', 'by poll', 'by socket'])
  }
)

function listen(client: Client): string[] {
  const heard: string[] = []
  client.on('message', ({ message }) => heard.push(message.body ?? ''))
  return heard
}

/** Long waits pass thirty times as fast. */
function hastyClock(): NonNullable<ClientOptions['clock']> {
  return {
    setTimeout: (call, ms) => setTimeout(call, ms / 30),
    clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
    now: () => Date.now()
  }
}

/** Passes ordinary requests on; upgrades and streams as it is told. */
async function blockingProxy(t: TestContext) {
  const open = new Set<Socket>()
  const proxy = {
    url: '',
    sockets: false,
    streams: true,
    cut: () => {
      for (const socket of open) socket.destroy()
    }
  }
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const socket of [near, far]) open.add(socket.on('error', () => undefined))
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
    let kept = false
    near.on('data', (bytes: Buffer) => {
      const head = bytes.toString('latin1').toLowerCase()
      if (head.includes('upgrade: websocket') && !proxy.sockets) return near.destroy()
      if (head.includes('accept: text/event-stream') && !proxy.streams) kept = true
      far.write(bytes)
    })
    far.on('data', (bytes) => kept || near.write(bytes))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    proxy.cut()
    server.close()
  })
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return proxy
}
