import { setTimeout as delay } from 'node:timers/promises'
import { clientRule } from '../client-rule.ts'
import type { HistoryLog } from '../history-log.ts'
import { backoff } from './backoff.ts'
import { describeFrame, type WireFrame } from './describe-frame.ts'
import type { Identity } from './recording-socket.ts'

export interface RoomReaderOptions {
  log: HistoryLog
  identity: Identity
  room: string
  /** Base of the gateways' HTTP addresses, such as `http://127.0.0.1:8000`; asked before each request. */
  base: () => string
  random: () => number
  /** To start from, of an earlier reader of the same user. */
  cursors?: ReadonlyMap<string, number>
}

/** The status of a refusal that says not to come back, or undefined to try again. */
export type Refusal = number | undefined

/**
 * Reads one room over HTTP by its cursor, and records what comes as if from one socket at a time. What differs is how: a stream of
 * events, or one poll after the other. It stops by itself where it is told not to come back.
 */
export abstract class RoomReader {
  readonly identity: Identity
  readonly cursors: Map<string, number>
  protected readonly options: RoomReaderOptions
  #running: Promise<void> | undefined
  #stopped = false
  #paused: PromiseWithResolvers<void> | undefined
  #socket: number | undefined
  #cut = new AbortController()

  constructor(options: RoomReaderOptions) {
    this.options = options
    this.identity = options.identity
    this.cursors = new Map(options.cursors)
  }

  /** One connection, from its request to its end. Rejects where the network fails. */
  protected abstract read(signal: AbortSignal): Promise<Refusal>

  get isStopped(): boolean {
    return this.#stopped
  }

  get isConnected(): boolean {
    return this.#socket !== undefined
  }

  get isPaused(): boolean {
    return this.#paused !== undefined
  }

  follows(room: string): boolean {
    return room === this.options.room
  }

  start(): void {
    this.#note('start')
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#halt()
    this.#cut.abort()
    this.resume()
    await this.#running
  }

  breakConnections(): void {
    this.#cut.abort()
    this.#cut = new AbortController()
  }

  pause(): void {
    if (this.#paused || this.#socket === undefined) return
    this.#paused = Promise.withResolvers()
    this.#reads(false)
  }

  resume(): void {
    if (this.#paused) this.#reads(true)
    this.#paused?.resolve()
    this.#paused = undefined
  }

  protected get cursor(): number {
    return this.cursors.get(this.options.room) ?? 0
  }

  protected get url(): string {
    return `${this.options.base()}/messaging/api/conversations/${this.options.room}/events/`
  }

  protected get authorization(): { authorization: string } {
    return { authorization: `Bearer ${this.identity.token}` }
  }

  /** Resolves when it may read on. */
  protected async whenReading(): Promise<void> {
    await this.#paused?.promise
  }

  protected opened(asked_at: number): void {
    if (this.#socket !== undefined) return
    const { log, room: conversation } = this.options
    const { client, user, session } = this.identity
    const socket = log.nextSocket()
    this.#socket = socket
    const who = { socket, client, user, session, dialect: 'parley.v1', asked_at } as const
    log.record({ type: 'opened', ...who, conversation, since: this.cursor })
  }

  /** False where the frame does not continue the cursor: then it is read again from there. */
  protected take(frame: WireFrame): boolean {
    const { log, room } = this.options
    if (this.#socket === undefined) return true
    log.record({ type: 'received', socket: this.#socket, ...describeFrame(frame) })
    const { seq, prev } = frame
    if (seq === undefined || prev === undefined) return true
    const verdict = clientRule(this.cursor, { seq, prev })
    if (verdict === 'apply') this.cursors.set(room, seq)
    return verdict !== 'resubscribe'
  }

  protected ended(code: number): void {
    if (this.#socket !== undefined) this.options.log.record({ type: 'closed', socket: this.#socket, code })
    this.#socket = undefined
  }

  async #run(): Promise<void> {
    for (let attempt = 0; !this.#stopped; attempt++) {
      try {
        const refusal = await this.read(this.#cut.signal)
        if (refusal === 401 || refusal === 404) this.#halt(refusal)
        else if (refusal === undefined) attempt = 0
      } catch {
        // Nobody there, or cut off: it waits and tries again.
        this.ended(1006)
      }
      if (!this.#stopped) await delay(backoff(attempt, this.options.random))
    }
    this.ended(1000)
  }

  #reads(on: boolean): void {
    if (this.#socket !== undefined) this.options.log.record({ type: 'reading', socket: this.#socket, on })
  }

  #halt(code?: number): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#note('stop', code)
  }

  #note(phase: 'start' | 'stop', code?: number): void {
    const { client, user, session } = this.identity
    this.options.log.record({ type: 'client', client, user, session, phase, code })
  }
}
