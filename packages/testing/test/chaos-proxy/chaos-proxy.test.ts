import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { type ChaosProxy, startChaosProxy, waitUntil } from '../../src/index.ts'

/** A server that echoes, and a link to it. */
async function echo(t: Test): Promise<{ link: ChaosProxy; sockets: Socket[] }> {
  const sockets: Socket[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => socket.write(bytes))
    socket.on('end', () => socket.end('bye'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const link = await startChaosProxy({ target: () => ({ port: address.port }), random: () => 0 })
  t.teardown(async () => {
    await link.close()
    server.close()
  })
  return { link, sockets }
}

interface Peer {
  socket: Socket
  received(): string
  errors: unknown[]
}

async function dial(t: Test, link: ChaosProxy): Promise<Peer> {
  const socket = connect({ port: link.port, host: '127.0.0.1', allowHalfOpen: true })
  let text = ''
  const errors: unknown[] = []
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1')
  })
  socket.on('error', (error) => errors.push(error))
  t.teardown(() => socket.destroy())
  await once(socket, 'connect')
  return { socket, received: () => text, errors }
}

/** Nothing more has come although the event loop and the loopback had their time. */
async function staysAt(peer: Peer, text: string, for_ms = 80): Promise<boolean> {
  const until = performance.now() + for_ms
  await waitUntil(() => peer.received() !== text || performance.now() > until, {
    message: 'the time is over'
  })
  return peer.received() === text
}

t.test('passes both ways, and the end', async (t) => {
  const { link } = await echo(t)
  const peer = await dial(t, link)
  const big = 'x'.repeat(3_000_000)
  peer.socket.end(big)
  await waitUntil(() => peer.received() === `${big}bye`, { message: 'the echo and the answer to the end' })
  peer.socket.destroy()
  await waitUntil(() => link.connections === 0, { message: 'the connection is forgotten' })
})

t.test('delays', async (t) => {
  const { link } = await echo(t)
  const peer = await dial(t, link)
  link.delay(60, 'up')
  const begin = performance.now()
  peer.socket.write('a')
  await waitUntil(() => peer.received() === 'a', { message: 'the echo', interval_ms: 1 })
  t.ok(performance.now() - begin >= 59)
})

t.test('throttles', async (t) => {
  const { link } = await echo(t)
  const peer = await dial(t, link)
  link.throttle(10_000, 'down')
  const begin = performance.now()
  peer.socket.write('x'.repeat(1_000))
  await waitUntil(() => peer.received().length === 1_000, { message: 'the first 1,000 bytes' })
  peer.socket.write('y')
  await waitUntil(() => peer.received().endsWith('y'), { message: 'what follows them', interval_ms: 1 })
  t.ok(performance.now() - begin >= 95, 'a tenth of a second later')
})

t.test('a blackhole holds, one way or both, and gives back when it is over', async (t) => {
  const { link, sockets } = await echo(t)
  const peer = await dial(t, link)
  peer.socket.write('1')
  await waitUntil(() => peer.received() === '1', { message: 'the echo' })
  link.blackhole('down')
  peer.socket.write('2')
  await waitUntil(() => sockets[0]?.bytesRead === 2, { message: 'the server has both bytes' })
  t.ok(await staysAt(peer, '1'), 'its answer does not arrive')
  await link.pass()
  await waitUntil(() => peer.received() === '12', { message: 'now it does' })
  link.blackhole()
  peer.socket.write('3')
  const late = await dial(t, link)
  late.socket.write('4')
  t.ok(await staysAt(peer, '12'))
  t.equal(sockets[0]?.bytesRead, 2)
  await link.pass()
  await waitUntil(() => peer.received() === '123' && late.received() === '4', { message: 'both, late' })
})

t.test('flips bits', async (t) => {
  const { link } = await echo(t)
  const peer = await dial(t, link)
  link.corrupt(1, 'up')
  peer.socket.write('abc')
  await waitUntil(() => peer.received().length === 3, { message: 'three bytes' })
  t.equal(peer.received(), '`cb', 'the lowest bit of each')
})

t.test('half-closes', async (t) => {
  const { link, sockets } = await echo(t)
  const peer = await dial(t, link)
  peer.socket.write('a')
  await waitUntil(() => peer.received() === 'a', { message: 'the echo' })
  link.halfClose('down')
  await once(peer.socket, 'end')
  peer.socket.write('b')
  await waitUntil(() => sockets[0]?.bytesRead === 2, { message: 'the other way is open' })
})

t.test('resets, and takes new connections', async (t) => {
  const { link, sockets } = await echo(t)
  const peer = await dial(t, link)
  peer.socket.write('a')
  await waitUntil(() => sockets.length === 1, { message: 'the server has it' })
  link.reset()
  await waitUntil(() => peer.errors.length === 1, { message: 'a reset' })
  t.match(peer.errors[0], { code: 'ECONNRESET' })
  const again = await dial(t, link)
  again.socket.write('b')
  await waitUntil(() => again.received() === 'b', { message: 'the echo' })
})

t.test('cuts, and refuses until it passes again', async (t) => {
  const { link } = await echo(t)
  const peer = await dial(t, link)
  await link.cut()
  await waitUntil(() => peer.errors.length === 1, { message: 'the connection is gone' })
  await t.rejects(dial(t, link), { code: 'ECONNREFUSED' })
  await link.pass()
  const again = await dial(t, link)
  again.socket.write('b')
  await waitUntil(() => again.received() === 'b', { message: 'the echo' })
})

t.test('a server that is not there is a reset', async (t) => {
  const { link, sockets } = await echo(t)
  const peer = await dial(t, link)
  peer.socket.write('a')
  await waitUntil(() => sockets.length === 1, { message: 'the server has it' })
  sockets[0]?.resetAndDestroy()
  await waitUntil(() => peer.errors.length === 1, { message: 'a reset' })
})
