import { type DurableName, durables, stream } from '@parley/contracts'
import {
  createInbox,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  nanos,
  type Subscription as NatsSubscription
} from 'nats'
import { before } from './deadline.ts'

/** Asked for and not yet handled, together; a slow handler is not sent more, but for what a request that is replaced still brings. */
const MAX_MESSAGES = 1_000
const REFILL_AT = MAX_MESSAGES / 2
const DRAIN_MS = 2_000

const REQUEST_EXPIRED = 408
const HEARTBEAT = 100

/** Milliseconds. */
export interface PullTiming {
  /** How long the broker keeps a request. */
  expires_ms: number
  /** So long before that another one is made. */
  renew_ms: number
  heartbeat_ms: number
}

const usual: PullTiming = { expires_ms: 10_000, renew_ms: 2_000, heartbeat_ms: 2_000 }

/** A request for messages. Its inbox is its own: what comes there is known to answer it. */
interface Request {
  subscription: NatsSubscription
  /** Messages the broker may still send for it. */
  left: number
  expires_at: number
}

/**
 * Pulls a durable consumer's messages over one connection. The client library's own `consume()` is not used because it drops what
 * is on the way when it stops; that would wait on the broker for its redelivery.
 *
 * A request is replaced before it expires. nats-server before 2.9.16 says nothing where a message comes at the very moment of that
 * (nats-io/nats-server#3942): what came then waited for the silence to be noticed, five seconds.
 */
export class DurablePull {
  /** Resolves with what keeps the broker from sending: a deleted consumer or stream, silence, or that the connection was lost. */
  readonly trouble: Promise<string>
  readonly #connection: NatsConnection
  readonly #subject: string
  readonly #inboxPrefix: string
  readonly #onMessage: (message: Msg) => void
  readonly #timing: PullTiming
  readonly #watch: NodeJS.Timeout
  readonly #fail: (trouble: string) => void
  readonly #requests = new Set<Request>()
  /** Messages that were received and not yet {@link handled}. */
  #inHand = 0
  #heard = performance.now()
  #ended = false

  constructor(
    connection: NatsConnection,
    durable: DurableName,
    inboxPrefix: string,
    onMessage: (message: Msg) => void,
    timing = usual
  ) {
    const { promise, resolve } = Promise.withResolvers<string>()
    this.trouble = promise
    this.#fail = resolve
    this.#connection = connection
    this.#subject = `$JS.API.CONSUMER.MSG.NEXT.${stream.name}.${durables[durable]}`
    this.#inboxPrefix = inboxPrefix
    this.#onMessage = onMessage
    this.#timing = timing
    this.#watch = setInterval(() => this.#look(), timing.heartbeat_ms / 2)
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
    const drained = [...this.#requests].map(({ subscription }) => subscription.drain())
    // Without an answer it is lost, and will be delivered again.
    await before(performance.now() + DRAIN_MS, Promise.all(drained)).catch(() => undefined)
  }

  #receive(request: Request, message: Msg): void {
    this.#heard = performance.now()
    if (message.headers?.code) return this.#readStatus(request, message.headers)
    if (--request.left === 0) this.#forget(request)
    this.#inHand++
    this.#onMessage(message)
    this.#refill()
  }

  /** What has a code is about the request, not for the consumer. */
  #readStatus(request: Request, { code, description }: MsgHdrs): void {
    if (code === HEARTBEAT) return
    if (code !== REQUEST_EXPIRED) {
      this.#fail(description || `status ${code}`)
      return
    }
    this.#forget(request)
    this.#refill()
  }

  #refill(): void {
    // One that is about to expire is replaced: what it may still bring is not counted on.
    const soon = performance.now() + this.#timing.renew_ms
    let held = this.#inHand
    for (const { left, expires_at } of this.#requests) if (expires_at > soon) held += left
    if (this.#ended || held > REFILL_AT || this.#connection.isClosed()) return
    this.#ask(MAX_MESSAGES - held)
  }

  #ask(batch: number): void {
    const { expires_ms, heartbeat_ms } = this.#timing
    const inbox = createInbox(this.#inboxPrefix)
    const request: Request = {
      subscription: this.#connection.subscribe(inbox, {
        callback: (error, message) => (error ? this.#fail(error.message) : this.#receive(request, message))
      }),
      left: batch,
      expires_at: performance.now() + expires_ms
    }
    if (this.#requests.size === 0) this.#heard = performance.now()
    this.#requests.add(request)
    const terms = { batch, expires: nanos(expires_ms), idle_heartbeat: nanos(heartbeat_ms) }
    this.#connection.publish(this.#subject, JSON.stringify(terms), { reply: inbox })
  }

  /** Nothing comes for it any more. */
  #forget(request: Request): void {
    this.#requests.delete(request)
    request.subscription.unsubscribe()
  }

  #look(): void {
    const now = performance.now()
    const { renew_ms, heartbeat_ms } = this.#timing
    for (const request of this.#requests) {
      if (now < request.expires_at + renew_ms) continue
      // It ended without a word. After a standstill of this process something may still be on the way.
      this.#requests.delete(request)
      request.subscription.drain().catch(() => undefined)
    }
    this.#refill()
    if (this.#requests.size > 0 && now - this.#heard > 2.5 * heartbeat_ms) this.#fail('silence')
  }
}
