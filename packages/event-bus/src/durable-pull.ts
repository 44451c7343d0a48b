import { type DurableName, durables, stream } from '@parley/contracts'
import {
  createInbox,
  type Msg,
  type NatsConnection,
  nanos,
  type Subscription as NatsSubscription
} from 'nats'
import { before } from './deadline.ts'

/** Asked for and not yet handled, together; a slow handler is not sent more. */
const MAX_MESSAGES = 1_000
const REFILL_AT = MAX_MESSAGES / 2
const PULL_MS = 10_000
const HEARTBEAT_MS = 2_000
const SILENCE_MS = 2.5 * HEARTBEAT_MS
const DRAIN_MS = 2_000

const REQUEST_EXPIRED = 408
const HEARTBEAT = 100

/**
 * Pulls a durable consumer's messages over one connection. The client library's own `consume()` is not used because it drops what
 * is on the way when it stops; that would wait on the broker for its redelivery.
 */
export class DurablePull {
  /** Resolves with what keeps the broker from sending: a deleted consumer or stream, silence, or that the connection was lost. */
  readonly trouble: Promise<string>
  readonly #connection: NatsConnection
  readonly #subject: string
  readonly #inbox: string
  readonly #subscription: NatsSubscription
  readonly #onMessage: (message: Msg) => void
  readonly #watch: NodeJS.Timeout
  readonly #fail: (trouble: string) => void
  /** Messages the broker may still send. */
  #asked = 0
  /** Messages that were received and not yet {@link handled}. */
  #inHand = 0
  #heard = performance.now()
  #ended = false

  constructor(
    connection: NatsConnection,
    durable: DurableName,
    inboxPrefix: string,
    onMessage: (message: Msg) => void
  ) {
    const { promise, resolve } = Promise.withResolvers<string>()
    this.trouble = promise
    this.#fail = resolve
    this.#connection = connection
    this.#subject = `$JS.API.CONSUMER.MSG.NEXT.${stream.name}.${durables[durable]}`
    this.#inbox = createInbox(inboxPrefix)
    this.#onMessage = onMessage
    this.#subscription = connection.subscribe(this.#inbox, {
      callback: (error, message) => (error ? this.#fail(error.message) : this.#receive(message))
    })
    this.#watch = setInterval(() => this.#listen(), HEARTBEAT_MS / 2)
    void connection.closed().then(() => this.#fail('connection lost'))
    this.#refill()
  }

  /** Tells that so many received messages make room for others. */
  handled(count: number): void {
    this.#inHand -= count
    this.#refill()
  }

  /** Asks for nothing more, and resolves when all that was on the way has been received. */
  async stop(): Promise<void> {
    this.#ended = true
    clearInterval(this.#watch)
    if (this.#connection.isClosed()) return
    // Without an answer it is lost, and will be delivered again.
    await before(performance.now() + DRAIN_MS, this.#subscription.drain()).catch(() => undefined)
  }

  #receive(message: Msg): void {
    this.#heard = performance.now()
    if (message.subject === this.#inbox) return this.#readStatus(message)
    this.#asked = Math.max(0, this.#asked - 1)
    this.#inHand++
    this.#onMessage(message)
    this.#refill()
  }

  /** What comes to the inbox itself is about the pull, not for the consumer. */
  #readStatus({ headers }: Msg): void {
    if (headers?.code === HEARTBEAT) return
    if (headers?.code !== REQUEST_EXPIRED) {
      this.#fail(headers?.description || `status ${headers?.code}`)
      return
    }
    this.#asked = Math.max(0, this.#asked - Number(headers.get('Nats-Pending-Messages')))
    this.#refill()
  }

  #refill(): void {
    const held = this.#asked + this.#inHand
    if (this.#ended || held > REFILL_AT || this.#connection.isClosed()) return
    const batch = MAX_MESSAGES - held
    this.#asked += batch
    this.#heard = performance.now()
    const request = { batch, expires: nanos(PULL_MS), idle_heartbeat: nanos(HEARTBEAT_MS) }
    this.#connection.publish(this.#subject, JSON.stringify(request), { reply: this.#inbox })
  }

  #listen(): void {
    if (this.#asked > 0 && performance.now() - this.#heard > SILENCE_MS) this.#fail('silence')
  }
}
