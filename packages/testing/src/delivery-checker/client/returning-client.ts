import { setTimeout as delay } from 'node:timers/promises'
import { comesBack } from '@parley/contracts'
import type { HistoryLog } from '../history-log.ts'
import { backoff } from './backoff.ts'
import type { WireFrame } from './describe-frame.ts'
import { connectRecorded, type Identity, type RecordingSocket, type SocketPlan } from './recording-socket.ts'

export interface ReturningClientOptions {
  log: HistoryLog
  identity: Identity
  /** Base of the WebSocket addresses; asked before each connection. */
  base: () => string
  random: () => number
}

/** One socket at a time, and a new one with back-off whenever it ends, until the server says that it is not to come back. */
export abstract class ReturningClient<O extends ReturningClientOptions> {
  readonly identity: Identity
  protected readonly options: O
  protected socket: RecordingSocket | undefined
  #running: Promise<void> | undefined
  #stopped = false

  constructor(options: O) {
    this.options = options
    this.identity = options.identity
  }

  get isStopped(): boolean {
    return this.#stopped
  }

  get isConnected(): boolean {
    return this.socket?.isOpen ?? false
  }

  get isPaused(): boolean {
    return this.socket?.isPaused ?? false
  }

  start(): void {
    this.#note('start')
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#halt()
    this.socket?.close()
    await this.#running
  }

  breakConnections(): void {
    this.socket?.terminate()
  }

  pause(): void {
    this.socket?.pause()
  }

  resume(): void {
    this.socket?.resume()
  }

  /** What to open next. */
  protected abstract plan(): SocketPlan

  protected abstract received(frame: WireFrame): void

  /** It will not come back, for the reason that a close code or the status of a refused upgrade gives, if there is one. */
  protected halted(_code: number | undefined): void {}

  async #run(): Promise<void> {
    for (let attempt = 0; !this.#stopped; ) {
      const socket = await this.#connect()
      if (socket) {
        attempt = 0
        const code = await socket.closed
        if (!comesBack(code)) this.#halt(code)
      }
      if (!this.#stopped) await delay(backoff(attempt++, this.options.random))
    }
  }

  async #connect(): Promise<RecordingSocket | undefined> {
    try {
      const result = await connectRecorded(this.options.log, this.identity, this.plan())
      if ('socket' in result) return this.#use(result.socket)
      if (result.refused === 401 || result.refused === 404) this.#halt(result.refused)
    } catch {
      // Nobody there, or not yet: the caller waits and tries again.
    }
    return undefined
  }

  #use(socket: RecordingSocket): RecordingSocket {
    this.socket = socket
    socket.listen((frame) => this.received(frame))
    if (this.#stopped) socket.close()
    return socket
  }

  #halt(code?: number): void {
    if (this.#stopped) return
    this.#stopped = true
    this.halted(code)
    this.#note('stop', code)
  }

  #note(phase: 'start' | 'stop', code?: number): void {
    const { client, user, session } = this.identity
    this.options.log.record({ type: 'client', client, user, session, phase, code })
  }
}
