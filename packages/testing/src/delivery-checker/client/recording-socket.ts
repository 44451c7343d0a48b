import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import type { Dialect } from '../history.ts'
import type { HistoryLog } from '../history-log.ts'
import { describeFrame, type WireFrame } from './describe-frame.ts'

export interface Identity {
  /** The client's name in the history. */
  client: string
  user: string
  session: string
  /** The bearer token of that session. */
  token: string
}

export interface SocketPlan {
  url: string
  dialect: Dialect
  conversation?: string | undefined
  since?: number | undefined
}

export type ConnectResult = { socket: RecordingSocket } | { refused: number }

const CONNECT_MS = 5_000

/**
 * One WebSocket whose opening, frames and end are recorded. Resolves with `refused` for an upgrade that was answered otherwise;
 * rejects where the network fails or nothing is answered within 5 s.
 */
export async function connectRecorded(
  log: HistoryLog,
  who: Identity,
  plan: SocketPlan
): Promise<ConnectResult> {
  const asked_at = log.now()
  const ws = new WebSocket(plan.url, plan.dialect === 'parley.v1' ? 'parley.v1' : [], {
    headers: { authorization: `Bearer ${who.token}` },
    perMessageDeflate: false,
    handshakeTimeout: CONNECT_MS
  })
  const refused = new Promise<number>((resolve) => {
    ws.once('unexpected-response', (request, response: IncomingMessage) => {
      resolve(response.statusCode ?? 0)
      // Nobody listens to this connection any more: a late reset of it would end the process.
      response.on('error', () => undefined)
      response.socket.on('error', () => undefined)
      request.destroy()
    })
  })
  // Frames may come in the same segment as the handshake's end: the socket listens before anything awaits.
  const opened = new Promise<RecordingSocket>((resolve) => {
    ws.once('open', () => resolve(new RecordingSocket(log, ws, who, plan, asked_at)))
  })
  const failed = once(ws, 'close').then(() => Promise.reject(new Error('no connection')))
  ws.on('error', () => undefined)
  failed.catch(() => undefined)
  const result = await Promise.race([opened, refused, failed])
  return typeof result === 'number' ? { refused: result } : { socket: result }
}

export class RecordingSocket {
  readonly id: number
  readonly plan: SocketPlan
  /** Resolves with the close code. */
  readonly closed: Promise<number>
  readonly #log: HistoryLog
  readonly #ws: WebSocket
  #heard_at = performance.now()
  #early: WireFrame[] = []
  #onFrame: ((frame: WireFrame) => void) | undefined

  constructor(log: HistoryLog, ws: WebSocket, who: Identity, plan: SocketPlan, asked_at: number) {
    this.#log = log
    this.#ws = ws
    this.plan = plan
    this.id = log.nextSocket()
    const { client, user, session } = who
    const { dialect, conversation, since } = plan
    log.record({
      type: 'opened',
      socket: this.id,
      client,
      user,
      session,
      dialect,
      asked_at,
      conversation,
      since
    })
    ws.on('message', (data: Buffer) => this.#receive(data))
    ws.on('ping', () => {
      this.#heard_at = performance.now()
    })
    this.closed = new Promise((resolve) => {
      ws.once('close', (code) => {
        log.record({ type: 'closed', socket: this.id, code })
        resolve(code)
      })
    })
  }

  get isOpen(): boolean {
    return this.#ws.readyState === WebSocket.OPEN
  }

  get isPaused(): boolean {
    return this.#ws.isPaused
  }

  /** Milliseconds since anything, a ping too, came from the server. */
  get silent_ms(): number {
    return performance.now() - this.#heard_at
  }

  #receive(data: Buffer): void {
    this.#heard_at = performance.now()
    const frame = JSON.parse(data.toString()) as WireFrame
    this.#log.record({ type: 'received', socket: this.id, ...describeFrame(frame) })
    if (this.#onFrame) this.#onFrame(frame)
    else this.#early.push(frame)
  }

  /** Hands over every frame, also those that came before this was called. */
  listen(onFrame: (frame: WireFrame) => void): void {
    this.#onFrame = onFrame
    for (const frame of this.#early.splice(0)) onFrame(frame)
  }

  send(frame: object): void {
    this.#ws.send(JSON.stringify(frame))
  }

  /** Stops or goes on reading from the network: a slow consumer. */
  pause(): void {
    this.#ws.pause()
    this.#log.record({ type: 'reading', socket: this.id, on: false })
  }

  resume(): void {
    if (this.isPaused) this.#log.record({ type: 'reading', socket: this.id, on: true })
    this.#ws.resume()
  }

  close(): void {
    this.#ws.close(1000)
  }

  terminate(): void {
    this.#ws.terminate()
  }
}
