import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { waitUntil } from '@parley/testing'
import t from 'tap'
import { startGateway } from '../test-gateway.ts'

/** A client that has done its handshake and writes whatever bytes it likes. */
async function rawClient(
  url: string,
  path: string,
  headers: string[]
): Promise<{ socket: Socket; received: () => Buffer }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => undefined)
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  const key = randomBytes(16).toString('base64')
  socket.write(
    [
      `GET ${path} HTTP/1.1`,
      'Host: gateway.test',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${key}`,
      ...headers,
      '\r\n'
    ].join('\r\n')
  )
  const received = () => Buffer.concat(chunks)
  await waitUntil(() => received().includes('\r\n\r\n'), { message: 'the handshake' })
  return { socket, received }
}

/** A masked client frame with any first byte. */
function frame(first: number, payload: Uint8Array | string, length = Buffer.byteLength(payload)): Buffer {
  const bytes = Buffer.from(payload)
  const header =
    length < 126
      ? Buffer.from([first, 0x80 | length])
      : length < 65_536
        ? Buffer.from([first, 0x80 | 126, length >> 8, length & 255])
        : Buffer.concat([Buffer.from([first, 0x80 | 127, 0, 0, 0, 0]), uint32(length)])
  return Buffer.concat([header, Buffer.alloc(4), bytes])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** The code in the server's close frame, which is the last thing it sends. */
function closeCode(bytes: Buffer): number | undefined {
  for (let at = bytes.length - 4; at >= 0; at--)
    if (bytes[at] === 0x88 && (bytes[at + 1] ?? 0) + at + 2 === bytes.length)
      return bytes.readUInt16BE(at + 2)
  return undefined
}

const TEXT = 0x81
const hostile: [string, Buffer[]][] = [
  ['a frame over 64 KiB', [frame(TEXT, 'x'.repeat(65_537))]],
  ['a frame that claims 4 GB', [frame(TEXT, '', 0xffffffff)]],
  ['more than 64 fragments', Array.from({ length: 100 }, (_, n) => frame(n === 0 ? 0x01 : 0x00, 'x'))],
  ['bad UTF-8', [frame(TEXT, Uint8Array.of(0xff, 0xfe, 0xc0))]],
  ['half a surrogate', [frame(TEXT, Uint8Array.of(0xed, 0xa0, 0x80))]],
  ['reserved bits', [frame(0xf1, '{}')]],
  ['a compressed frame', [frame(0xc1, '{}')]],
  ['a reserved opcode', [frame(0x83, '{}')]],
  ['a reserved control opcode', [frame(0x8b, '')]],
  ['a continuation of nothing', [frame(0x80, 'x')]],
  ['a text frame amid fragments', [frame(0x01, 'x'), frame(TEXT, '{}')]],
  ['a fragmented ping', [frame(0x09, 'x')]],
  ['a ping over 125 bytes', [frame(0x89, 'x'.repeat(126))]],
  ['no mask', [Buffer.from([TEXT, 2, 0x7b, 0x7d])]],
  ['a close frame with one byte', [frame(0x88, 'x')]],
  ['a close frame with a forbidden code', [frame(0x88, Uint8Array.of(0x03, 0xed))]]
]

t.test(
  'CON-5 a peer that breaks the framing or a limit is closed with 4504, and the process lives',
  async (t) => {
    const { api, url, open } = await startGateway(t)
    const ada = api.signIn('ada')
    const room = api.conversation(ada.user)
    const headers = [`Authorization: Bearer ${ada.token}`]
    const chat = `/ws/chat/${room.id}/`
    for (const [name, frames] of hostile) {
      const { socket, received } = await rawClient(url, chat, headers)
      const ended = once(socket, 'close')
      for (const bytes of frames) socket.write(bytes)
      await waitUntil(() => closeCode(received()) !== undefined, { message: name })
      t.equal(closeCode(received()), 4504, name)
      socket.destroy()
      await ended
    }
    const witness = await open(chat, ada)
    witness.send({ body: 'still here' })
    t.match(await witness.next(), { type: 'message' })
  }
)

t.test('CON-5 half frames, floods and noise do no harm', async (t) => {
  const { api, url, open } = await startGateway(t)
  const ada = api.signIn('ada')
  const room = api.conversation(ada.user)
  const chat = `/ws/chat/${room.id}/`
  const headers = [`Authorization: Bearer ${ada.token}`]

  const half = await rawClient(url, chat, headers)
  half.socket.write(frame(TEXT, JSON.stringify({ body: 'half' })).subarray(0, 9))
  half.socket.destroy()

  // One byte a packet: more pieces than a message may be held in.
  const crumbs = await rawClient(url, chat, headers)
  const whole = frame(TEXT, JSON.stringify({ body: 'x'.repeat(200) }))
  crumbs.socket.setNoDelay()
  for (const byte of whole) crumbs.socket.write(Buffer.of(byte))
  await waitUntil(() => room.messages.size === 1, { message: 'the crumbs are one message' })
  crumbs.socket.destroy()

  for (let seed = 0; seed < 20; seed++) {
    const noise = await rawClient(url, chat, headers)
    for (let n = 0; n < 50; n++) noise.socket.write(randomBytes(1 + ((seed * 7 + n * 13) % 200)))
    noise.socket.end()
    await once(noise.socket, 'close')
  }

  // Noise before authentication, and pipelined behind a request that is refused.
  for (const bytes of [
    randomBytes(500),
    Buffer.from(
      `GET ${chat} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x81\x80`
    )
  ]) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.on('error', () => undefined)
    socket.resume()
    socket.end(bytes)
    await once(socket, 'close')
  }

  const pings = await rawClient(url, chat, headers)
  for (let n = 0; n < 2_000; n++) pings.socket.write(frame(0x89, 'ping'))
  await waitUntil(() => pings.received().includes(Buffer.from([0x8a, 4, 0x70])), { message: 'a pong' })
  pings.socket.destroy()

  const witness = await open(chat, ada)
  witness.send({ body: 'still here' })
  t.match(await witness.next(), { type: 'message' })
  t.notOk([...room.messages.values()].some(({ body }) => body === 'half'))
})

t.test('LAG-1 a client that asks and never reads its answers is not read any further', async (t) => {
  const { api, url } = await startGateway(t, {
    config: { RATE_LIMITS: 'off' },
    tuning: { lag_bytes: 128 * 1024 }
  })
  const ada = api.signIn('ada')
  const { socket } = await rawClient(url, '/ws/', [
    `Authorization: Bearer ${ada.token}`,
    'Sec-WebSocket-Protocol: parley.v1'
  ])
  socket.pause()
  const ask = frame(
    TEXT,
    JSON.stringify({ type: 'unsubscribe', conversation_id: randomUUID(), ref: 'x'.repeat(150) })
  )
  const many = Buffer.concat(Array.from({ length: 1_000 }, () => ask))
  // What the gateway does not read backs up here, once the kernel's buffers are full.
  await waitUntil(
    () => {
      if (socket.writableLength < 8 * 1024 * 1024) socket.write(many)
      return socket.writableLength >= 8 * 1024 * 1024
    },
    { message: 'the gateway stopped reading', interval_ms: 1, timeout_ms: 20_000 }
  )
  const waiting = socket.writableLength
  t.ok(waiting >= 8 * 1024 * 1024)
  socket.destroy()
})
