import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { WebSocket } from 'ws'

export interface SocketOptions {
  /** The subprotocol to ask for. */
  protocol?: string | string[]
  headers?: Record<string, string>
}

/** A JSON frame, as the server sent it. */
export interface Frame {
  readonly type?: string
  readonly [field: string]: unknown
}

export interface TestSocket {
  /** Every frame so far, in order. */
  readonly frames: readonly Frame[]
  /** The subprotocol the server chose, or ''. */
  readonly protocol: string
  /**
   * The first frame that matches, among those no earlier `next` returned or passed over. Rejects after `timeout_ms` (default
   * 5,000) or when the socket closes, and says what came instead. `F` is taken on trust.
   */
  next<F extends Frame = Frame>(matches?: (frame: Frame) => boolean, timeout_ms?: number): Promise<F>
  /** An object goes as JSON; a string or bytes as they are. */
  send(frame: object | string | Uint8Array): void
  close(code?: number, reason?: string): Promise<{ code: number; reason: string }>
  /** Ends the connection without a closing handshake. */
  terminate(): void
  readonly closed: Promise<{ code: number; reason: string }>
  /** For what the above does not cover: pings, fragments, pausing. */
  readonly ws: WebSocket
}

/** The server answered the upgrade with an ordinary HTTP response. */
export class UpgradeRefused extends Error {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
  constructor(response: IncomingMessage, body: string) {
    super(`upgrade refused: ${response.statusCode} ${body}`)
    this.status = response.statusCode ?? 0
    this.headers = response.headers
    this.body = body
  }
}

/**
 * Opens a WebSocket. Rejects with {@link UpgradeRefused} where the server refuses, and with the network's error where there is none.
 *
 * @example
 * const socket = await openSocket(`${url}/ws/chat/${id}/`, { headers: { cookie } })
 * socket.send({ body: 'hi' })
 * const { message } = await socket.next((frame) => frame.type === 'message')
 */
export async function openSocket(
  url: string,
  { protocol, headers = {} }: SocketOptions = {}
): Promise<TestSocket> {
  const ws = new WebSocket(url.replace(/^http/, 'ws'), protocol ?? [], { headers, perMessageDeflate: false })
  const socket = follow(ws)
  const refusal = Promise.withResolvers<never>()
  ws.once('unexpected-response', (_request, response: IncomingMessage) => {
    text(response).then((body) => refusal.reject(new UpgradeRefused(response, body)), refusal.reject)
  })
  await Promise.race([once(ws, 'open'), refusal.promise])
  return socket
}

function follow(ws: WebSocket): TestSocket {
  const frames: Frame[] = []
  let passed = 0
  let look: (() => void) | undefined
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.once('close', (code, reason) => resolve({ code, reason: reason.toString() }))
  })
  ws.on('message', (data: Buffer) => {
    frames.push(JSON.parse(data.toString()) as Frame)
    look?.()
  })
  // A network error is followed by 'close', which is what tests look at.
  ws.on('error', () => undefined)

  async function next<F extends Frame = Frame>(
    matches: (frame: Frame) => boolean = () => true,
    timeout_ms = 5_000
  ): Promise<F> {
    const start = passed
    const found = Promise.withResolvers<F>()
    const fail = (why: string) =>
      found.reject(
        new Error(
          `no such frame ${why}; since the last one came: ${inspect(frames.slice(start), { depth: 4 })}`
        )
      )
    const timer = setTimeout(() => fail(`within ${timeout_ms} ms`), timeout_ms)
    look = () => {
      while (passed < frames.length) {
        const frame = frames[passed++]
        if (!frame || !matches(frame)) continue
        look = undefined
        return found.resolve(frame as F)
      }
    }
    look()
    void closed.then(({ code }) => fail(`before the socket closed with ${code}`))
    try {
      return await found.promise
    } finally {
      clearTimeout(timer)
      look = undefined
    }
  }

  return {
    frames,
    ws,
    closed,
    next,
    get protocol() {
      return ws.protocol
    },
    send: (frame) =>
      ws.send(typeof frame === 'string' || frame instanceof Uint8Array ? frame : JSON.stringify(frame)),
    close(code, reason) {
      ws.close(code, reason)
      return closed
    },
    terminate: () => ws.terminate()
  }
}
