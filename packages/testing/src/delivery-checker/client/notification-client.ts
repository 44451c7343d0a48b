import { setTimeout as delay } from 'node:timers/promises'
import { comesBack } from '@parley/contracts'
import type { HistoryLog } from '../history-log.ts'
import { backoff } from './backoff.ts'
import { connectRecorded, type Identity, type RecordingSocket } from './recording-socket.ts'

export interface NotificationClientOptions {
  log: HistoryLog
  identity: Identity
  base: () => string
  random: () => number
}

/** Listens on `/ws/notifications/`, and comes back. It has no cursor: what is said while it is away it is not told. */
export class NotificationClient {
  readonly identity: Identity
  readonly #options: NotificationClientOptions
  #socket: RecordingSocket | undefined
  #running: Promise<void> | undefined
  #stopped = false

  constructor(options: NotificationClientOptions) {
    this.#options = options
    this.identity = options.identity
  }

  get isStopped(): boolean {
    return this.#stopped
  }

  get isConnected(): boolean {
    return this.#socket?.isOpen ?? false
  }

  get isPaused(): boolean {
    return this.#socket?.isPaused ?? false
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

  pause(): void {
    this.#socket?.pause()
  }

  resume(): void {
    this.#socket?.resume()
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
    const { log, base } = this.#options
    try {
      const plan = { url: `${base()}/ws/notifications/`, dialect: 'notifications' } as const
      const result = await connectRecorded(log, this.identity, plan)
      if ('refused' in result) {
        if (result.refused === 401) this.#halt(result.refused)
        return undefined
      }
      this.#socket = result.socket
      result.socket.listen(() => undefined)
      if (this.#stopped) result.socket.close()
      return result.socket
    } catch {
      // Nobody there, or not yet: the caller waits and tries again.
      return undefined
    }
  }

  #halt(code?: number): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#note('stop', code)
  }

  #note(phase: 'start' | 'stop', code?: number): void {
    const { client, user, session } = this.identity
    this.#options.log.record({ type: 'client', client, user, session, phase, code })
  }
}
