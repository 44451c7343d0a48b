import { randomBytes } from 'node:crypto'
import { httpAnswers } from './http-answers.ts'
import { RawConnection } from './raw-connection.ts'
import { opcodes, serverFrames } from './web-socket-frames.ts'

export interface Handshake {
  path?: string
  headers?: Record<string, string>
  /** Default: `parley.v1`; the empty string asks for none. */
  protocol?: string
}

/** The bytes of a WebSocket handshake. */
export function handshake(
  url: string,
  { path = '/ws/', headers = {}, protocol = 'parley.v1' }: Handshake = {}
): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${new URL(url).host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** A WebSocket over which anything can be sent. */
export interface RawWebSocket {
  readonly raw: RawConnection
  write(bytes: Uint8Array | string): void
  /** Every text frame so far, parsed. */
  json(): JsonFrame[]
  /** The first text frame that fits, parsed. */
  next(fits: (frame: JsonFrame) => boolean, timeout_ms?: number): Promise<JsonFrame>
  /** The code of the server's close frame; 1006 where the connection ended without one. */
  closeCode(timeout_ms?: number): Promise<number>
}

export interface JsonFrame {
  type?: string
  code?: string
  ref?: unknown
  [field: string]: unknown
}

/**
 * Opens a WebSocket over a raw connection. With `early` bytes they travel in the handshake's own TCP segment. Rejects where the
 * server does not answer 101.
 *
 * @example
 * const socket = await openRawWebSocket(url, { headers: { authorization } })
 * socket.write(clientFrame({ rsv: 4, payload: '{}' }))
 * await socket.closeCode()
 */
export async function openRawWebSocket(
  url: string,
  options: Handshake & { early?: Uint8Array } = {}
): Promise<RawWebSocket> {
  const raw = await RawConnection.open(url)
  raw.write(Buffer.concat([Buffer.from(handshake(url, options)), options.early ?? Buffer.alloc(0)]))
  const begin = await raw.until((received) => {
    const end = received.indexOf('\r\n\r\n')
    return end < 0 ? undefined : end + 4
  })
  const head = raw.received.toString('latin1', 0, begin)
  if (!head.startsWith('HTTP/1.1 101')) {
    const answer = await raw.until((received) => httpAnswers(received)[0])
    raw.destroy()
    throw new Error(`no WebSocket: ${answer.status} ${answer.body}`)
  }
  const framesIn = (received: Buffer) => serverFrames(received.subarray(begin)).frames
  return {
    raw,
    write: (bytes) => raw.write(bytes),
    json: () => jsonIn(raw.received),
    next: (fits, timeout_ms) => raw.until((received) => jsonIn(received).find(fits), timeout_ms),
    closeCode: (timeout_ms) => Promise.race([raw.until(closeCodeIn, timeout_ms), raw.closed.then(() => 1006)])
  }

  function jsonIn(received: Buffer): JsonFrame[] {
    return framesIn(received)
      .filter(({ opcode }) => opcode === opcodes.text)
      .map(({ payload }) => JSON.parse(payload.toString()) as JsonFrame)
  }

  function closeCodeIn(received: Buffer): number | undefined {
    const close = framesIn(received).find(({ opcode }) => opcode === opcodes.close)
    if (!close) return undefined
    return close.payload.length < 2 ? 1005 : close.payload.readUInt16BE(0)
  }
}
