import { setTimeout as delay } from 'node:timers/promises'
import {
  type ConnectionOptions,
  connect,
  type NatsConnection,
  type Subscription as NatsSubscription
} from 'nats'
import type { Logger } from 'pino'
import type { MessageHeaders, Subscription, VolatileHandler } from './event-bus.ts'
import { natsHeaderReader, toNatsHeaders } from './message-headers.ts'

// A server that stands still is noticed after two unanswered pings, at the third: within 2.1 s.
const PING_MS = 700
const UNANSWERED_PINGS = 2
const DIAL_MS = 2_000
const RETRY_MS = 250

interface Volatile {
  readonly subject: string
  readonly handler: VolatileHandler
  current: NatsSubscription | undefined
}

/**
 * Keeps one connection to the broker for as long as the process lives: dials again for ever, and moves the subscriptions over.
 * The client's own reconnecting is off, so that the first connection and every later one take the same path.
 */
export class BrokerLink {
  dropped = 0
  readonly #options: ConnectionOptions
  readonly #logger: Logger
  readonly #volatile = new Set<Volatile>()
  readonly #flushes = new Set<(reason: Error) => void>()
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #connection: NatsConnection | undefined
  #connected = Promise.withResolvers<NatsConnection>()

  constructor(options: ConnectionOptions, logger: Logger) {
    this.#options = {
      ...options,
      reconnect: false,
      timeout: DIAL_MS,
      pingInterval: PING_MS,
      maxPingOut: UNANSWERED_PINGS,
      noAsyncTraces: true
    }
    this.#logger = logger
    this.#running = this.#run()
  }

  /** Undefined while the broker is away. */
  get connection(): NatsConnection | undefined {
    return this.#connection
  }

  /** The connection once there is one; undefined when the signal or {@link close} ends the wait. */
  async whenConnected(signal: AbortSignal): Promise<NatsConnection | undefined> {
    const ended = Promise.withResolvers<undefined>()
    const end = () => ended.resolve(undefined)
    const either = AbortSignal.any([signal, this.#closing.signal])
    if (either.aborted) return undefined
    either.addEventListener('abort', end)
    try {
      return await Promise.race([this.#connected.promise, ended.promise])
    } finally {
      either.removeEventListener('abort', end)
    }
  }

  publish(subject: string, payload: Uint8Array, headers?: MessageHeaders): void {
    if (!this.#connection || this.#connection.isClosed()) {
      this.dropped++
      return
    }
    if (headers) this.#connection.publish(subject, payload, { headers: toNatsHeaders(headers) })
    else this.#connection.publish(subject, payload)
  }

  subscribe(subject: string, handler: VolatileHandler): Subscription {
    const entry: Volatile = { subject, handler, current: undefined }
    this.#volatile.add(entry)
    if (this.#connection) this.#attach(entry, this.#connection)
    return {
      stop: async () => {
        this.#volatile.delete(entry)
        entry.current?.unsubscribe()
      }
    }
  }

  async flush(timeout_ms: number): Promise<void> {
    const connection = this.#connection
    if (!connection) throw new Error('the broker is away')
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = setTimeout(
      reject,
      timeout_ms,
      new Error(`the broker did not answer within ${timeout_ms} ms`)
    )
    this.#flushes.add(reject)
    try {
      connection.flush().then(resolve, reject)
      await promise
    } finally {
      clearTimeout(timer)
      this.#flushes.delete(reject)
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#connection?.close()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing
    let problem = ''
    while (!signal.aborted) {
      try {
        const connection = await connect(this.#options)
        problem = ''
        await this.#use(connection)
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        if (message !== problem) this.#logger.warn({ err: error }, 'broker unreachable')
        problem = message
      }
      await delay(RETRY_MS + Math.random() * RETRY_MS, undefined, { signal }).catch(() => undefined)
    }
  }

  async #use(connection: NatsConnection): Promise<void> {
    if (this.#closing.signal.aborted) return connection.close()
    this.#connection = connection
    for (const entry of this.#volatile) this.#attach(entry, connection)
    this.#logger.info({ broker: connection.getServer() }, 'broker connected')
    this.#connected.resolve(connection)
    void this.#logRefusals(connection)
    const error = await connection.closed()
    this.#connection = undefined
    this.#connected = Promise.withResolvers()
    for (const reject of this.#flushes) reject(new Error('the broker went away'))
    if (!this.#closing.signal.aborted) this.#logger.warn({ err: error }, 'broker lost')
  }

  async #logRefusals(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status())
      if (status.type === 'error') this.#logger.error({ err: status.error }, 'broker refused')
  }

  #attach(entry: Volatile, connection: NatsConnection): void {
    entry.current = connection.subscribe(entry.subject, {
      callback: (error, message) => {
        if (error) {
          this.#logger.error({ err: error, subject: entry.subject }, 'subscription refused')
          return
        }
        try {
          entry.handler(message.data, message.subject, natsHeaderReader(message))
        } catch (thrown) {
          this.#logger.error({ err: thrown, subject: entry.subject }, 'bus handler failed')
        }
      }
    })
  }
}
