import { setTimeout as delay } from 'node:timers/promises'
import { comesBack } from '@parley/contracts'
import type { HistoryLog } from '../history-log.ts'
import type { Attempt, Outcome } from './attempt.ts'
import { backoff } from './backoff.ts'
import { operate } from './operate.ts'
import { connectRecorded, type Identity, type RecordingSocket } from './recording-socket.ts'

export interface SimpleClientOptions {
  log: HistoryLog
  identity: Identity
  room: string
  base: () => string
  random: () => number
  /** How long its own message may take to come back, in milliseconds. Default 10,000. */
  patience_ms?: number
}

/** What a close code, or the status of a refused upgrade, says of what was just sent. */
const refusals: ReadonlyMap<number, string> = new Map([
  [401, 'unauthenticated'],
  [404, 'not_found'],
  [4501, 'unauthenticated'],
  [4503, 'not_found']
])

/**
 * A client of the simple dialect, as the seeds' are: no acknowledgements, no keys. It knows that it has sent when its own message
 * comes back, never sends twice, and asks with `?since=` for what came after the newest message it has.
 */
export class SimpleClient {
  readonly identity: Identity
  readonly #options: SimpleClientOptions
  readonly #waiting = new Map<string, (attempt: Attempt) => void>()
  #socket: RecordingSocket | undefined
  #running: Promise<void> | undefined
  #stopped = false
  #newest: number | undefined

  constructor(options: SimpleClientOptions) {
    this.#options = options
    this.identity = options.identity
  }

  get isStopped(): boolean {
    return this.#stopped
  }

  get isConnected(): boolean {
    return this.#socket?.isOpen ?? false
  }

  start(): void {
    this.#note('start')
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#halt()
    this.#socket?.close()
    await this.#running
  }

  breakConnections(): void {
    this.#socket?.terminate()
  }

  get isPaused(): boolean {
    return this.#socket?.isPaused ?? false
  }

  pause(): void {
    this.#socket?.pause()
  }

  resume(): void {
    this.#socket?.resume()
  }

  async send(body: string): Promise<Outcome> {
    const { log, room: conversation, random, patience_ms = 10_000 } = this.#options
    const { user, session } = this.identity
    const intent = { kind: 'send', user, session, via: 'socket', conversation, body } as const
    return await operate(log, intent, () => this.#attempt(body, patience_ms), {
      patience_ms,
      random,
      again: false
    })
  }

  async #attempt(body: string, patience_ms: number): Promise<Attempt> {
    const socket = this.#socket
    if (!socket?.isOpen) return { outcome: 'refused', code: 'not_connected' }
    const answer = Promise.withResolvers<Attempt>()
    const timer = setTimeout(() => answer.resolve({ outcome: 'maybe', code: 'timeout' }), patience_ms)
    this.#waiting.set(body, answer.resolve)
    socket.send({ body })
    const attempt = await answer.promise
    clearTimeout(timer)
    this.#waiting.delete(body)
    return attempt
  }

  async #run(): Promise<void> {
    for (let attempt = 0; !this.#stopped; ) {
      const socket = await this.#connect()
      if (socket) {
        attempt = 0
        const code = await socket.closed
        if (!comesBack(code)) this.#halt(code)
      }
      if (!this.#stopped) await delay(backoff(attempt++, this.#options.random))
    }
  }

  async #connect(): Promise<RecordingSocket | undefined> {
    const { log, base, room } = this.#options
    const since = this.#newest
    const query = since === undefined ? '' : `?since=${since}`
    const plan = {
      url: `${base()}/ws/chat/${room}/${query}`,
      dialect: 'simple',
      conversation: room,
      since
    } as const
    try {
      const result = await connectRecorded(log, this.identity, plan)
      if ('socket' in result) return this.#use(result.socket)
      if (result.refused === 401 || result.refused === 404) this.#halt(result.refused)
    } catch {
      // Nobody there, or not yet: the caller waits and tries again.
    }
    return undefined
  }

  #use(socket: RecordingSocket): RecordingSocket {
    this.#socket = socket
    socket.listen(({ type, message }) => {
      if (type !== 'message' || message?.seq === undefined) return
      this.#newest = Math.max(this.#newest ?? 0, message.seq)
      this.#waiting.get(message.body ?? '')?.({ outcome: 'ok', seq: message.seq, message: message.id })
    })
    if (this.#stopped) socket.close()
    return socket
  }

  #halt(code?: number): void {
    if (this.#stopped) return
    this.#stopped = true
    // Nothing will come back on a socket that is not coming back: why it ended is the answer (chaos seed 118).
    const answer = { outcome: 'maybe', code: refusals.get(code ?? 0) ?? 'stopped' } as const
    for (const resolve of this.#waiting.values()) resolve(answer)
    this.#note('stop', code)
  }

  #note(phase: 'start' | 'stop', code?: number): void {
    const { client, user, session } = this.identity
    this.#options.log.record({ type: 'client', client, user, session, phase, code })
  }
}
