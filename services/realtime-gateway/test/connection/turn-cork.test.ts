import { createConnection, createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import { type TestContext, waitUntil } from '@parley/testing'
import t from 'tap'
import { corkForTurn, flushLarge } from '../../src/connection/turn-cork.ts'

async function pair(t: TestContext): Promise<{ near: Socket; received: () => string }> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no port')
  const far = createConnection(address.port, '127.0.0.1')
  const [near] = (await once(server, 'connection')) as [Socket]
  const chunks: Buffer[] = []
  far.on('data', (chunk: Buffer) => chunks.push(chunk))
  t.teardown(() => {
    far.destroy()
    near.destroy()
    server.close()
  })
  return { near, received: () => Buffer.concat(chunks).toString() }
}

function write(socket: Socket, text: string): void {
  corkForTurn(socket)
  socket.write(text)
  flushLarge(socket)
}

t.test('what is written in one turn waits for its end and leaves in order', async (t) => {
  const { near, received } = await pair(t)
  write(near, 'a')
  write(near, 'b')
  t.equal(near.writableLength, 2, 'waits')
  queueMicrotask(() => t.equal(near.writableLength, 0, 'has left when the turn is over'))
  await waitUntil(() => received() === 'ab', { message: 'both arrive' })
  write(near, 'c')
  await waitUntil(() => received() === 'abc', { message: 'so does what is written later' })
})

t.test('what is large does not wait, and what follows it stays behind it', async (t) => {
  const { near, received } = await pair(t)
  const large = 'x'.repeat(64 * 1024)
  write(near, large)
  t.equal(near.writableCorked, 0)
  write(near, 'y')
  t.equal(near.writableCorked, 1)
  await waitUntil(() => received() === `${large}y`, { message: 'all arrives' })
})

t.test('a socket that is destroyed meanwhile is no trouble, nor is one that ends', async (t) => {
  const [gone, ending] = [await pair(t), await pair(t)]
  write(gone.near, 'never')
  gone.near.destroy()
  write(ending.near, 'last words')
  ending.near.end()
  await waitUntil(() => ending.received() === 'last words', { message: 'the last words arrive' })
  t.equal(gone.received(), '')
})
