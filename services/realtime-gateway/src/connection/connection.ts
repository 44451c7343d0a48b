import {
  type CloseReason,
  closeCodes,
  type Id,
  ProblemError,
  type ServerFrame,
  type User
} from '@parley/contracts'
import type { Dialect } from '../rooms/dialect.ts'
import type { EndReason, Subscriber, Subscription } from '../rooms/subscription.ts'
import type { Tuning } from '../tuning.ts'
import { OneOrMore } from './one-or-more.ts'
import { OutputBuffer } from './output-buffer.ts'
import type { Protocol } from './protocol.ts'
import { Pulse } from './pulse.ts'
import { TokenBucket } from './token-bucket.ts'
import type { Transport } from './transport.ts'

/** What the address of a connection is about. */
export type Scope = { kind: 'room'; conversation_id: Id } | { kind: 'all' } | { kind: 'notifications' }

/**
 * `moving`: served as before, but told to go elsewhere. `closing`: nothing is written any more, the peer has yet to answer the
 * close frame.
 */
export type ConnectionState = 'open' | 'moving' | 'closing' | 'closed'

export interface ConnectionOptions {
  id: Id
  user: User
  session_id: Id
  /** Counts connections: spreads them over heartbeats and command lanes. */
  number: number
  scope: Scope
  protocol: Protocol
  tuning: Tuning
  /** False for benchmarks. */
  rate_limits: boolean
  onClosed: (connection: Connection, reason: CloseReason | undefined) => void
  /** One of its subscriptions was answered, refused or ended. */
  onSettled: (connection: Connection, subscription: Subscription, outcome: SubscriptionOutcome) => void
}
export type SubscriptionOutcome = 'subscribed' | 'refused' | 'unsubscribed' | EndReason

/** One client on one wire: who it is, what it listens to, in what state it is. What is said on it is its {@link Protocol}'s business. */
export class Connection implements Subscriber {
  readonly id: Id
  readonly user: User
  readonly session_id: Id
  readonly number: number
  readonly scope: Scope
  readonly protocol: Protocol
  readonly subscriptions = new OneOrMore<Id, Subscription>()
  readonly pulse = new Pulse()
  /** False for benchmarks. */
  readonly rate_limits: boolean
  state: ConnectionState = 'open'
  explicit_subscriptions = 0
  readonly #transport: Transport
  readonly #output: OutputBuffer
  readonly #tuning: Tuning
  readonly #onClosed: ConnectionOptions['onClosed']
  readonly #onSettled: ConnectionOptions['onSettled']
  /** Frames of any kind; made with the first one. */
  #frames: TokenBucket | undefined
  #close_reason: CloseReason | undefined
  #bad_frames = 0
  #bad_since = 0

  constructor(transport: Transport, options: ConnectionOptions) {
    this.#transport = transport
    this.id = options.id
    this.user = options.user
    this.session_id = options.session_id
    this.number = options.number
    this.scope = options.scope
    this.protocol = options.protocol
    this.#tuning = options.tuning
    this.#output = new OutputBuffer(transport, options.tuning)
    this.#onClosed = options.onClosed
    this.#onSettled = options.onSettled
    this.rate_limits = options.rate_limits
  }

  get user_id(): Id {
    return this.user.id
  }

  get dialect(): Dialect {
    return this.protocol.dialect
  }

  get isOpen(): boolean {
    return this.state === 'open' || this.state === 'moving'
  }

  get congested(): boolean {
    return this.#output.congested
  }

  get ready(): boolean {
    return this.#output.ready
  }

  write(frames: Buffer): void {
    if (this.isOpen) this.#output.write(frames)
  }

  writeVolatile(frame: Buffer): void {
    if (this.protocol.name === 'parley.v1' && this.ready) this.write(frame)
  }

  send(frame: ServerFrame | object): void {
    this.write(this.dialect.encode(JSON.stringify(frame)))
  }

  park(subscription: Subscription): void {
    this.#output.park(subscription)
  }

  /** Takes on a subscription, in the place of an earlier one to the same room. */
  adopt(subscription: Subscription): void {
    const earlier = this.subscriptions.get(subscription.room.id)
    earlier?.room.drop(earlier)
    if (earlier) this.#forget(earlier)
    if (subscription.wish.explicit) this.explicit_subscriptions++
    this.subscriptions.set(subscription.room.id, subscription)
  }

  /** False if there is none. */
  unsubscribe(conversation_id: Id): boolean {
    const subscription = this.subscriptions.get(conversation_id)
    if (!subscription) return false
    subscription.room.drop(subscription)
    this.#forget(subscription)
    this.#onSettled(this, subscription, 'unsubscribed')
    return true
  }

  subscribed(subscription: Subscription): void {
    this.protocol.subscribed(this, subscription)
    this.#onSettled(this, subscription, 'subscribed')
  }

  refused(subscription: Subscription, error: ProblemError): void {
    this.#forget(subscription)
    const { id: conversation_id } = subscription.room
    this.protocol.error(this, error, { ref: subscription.wish.ref, conversation_id })
    this.#onSettled(this, subscription, 'refused')
    // The upgrade was granted for this room alone; what was true then no longer is.
    if (this.scope.kind === 'room' && error.code === 'not_found') this.close('not_a_member')
  }

  lagging(subscription: Subscription, from: number, to: number): void {
    this.protocol.lagging(this, subscription, from, to)
  }

  ended(subscription: Subscription, reason: EndReason): void {
    this.#forget(subscription)
    if (this.scope.kind === 'room') return this.close('not_a_member')
    this.protocol.unsubscribed(this, subscription.room.id, reason, undefined)
    this.#onSettled(this, subscription, reason)
  }

  /** Why a frame may not be taken now: there were too many. */
  whyNotNow(): ProblemError | undefined {
    const wait = this.rate_limits ? this.#takeFrame() : 0
    return wait > 0 ? new ProblemError('rate_limited', { retry_after_ms: wait }) : undefined
  }

  /** One message from the socket. */
  receive(data: Buffer, isBinary: boolean): void {
    this.hear()
    if (!this.isOpen && !this.#hearsLastWords) return
    if (isBinary) {
      this.protocol.error(this, new ProblemError('binary_frame'))
      return this.close('protocol_error')
    }
    if (this.protocol.receive(this, data.toString())) this.#bad_frames = 0
    else this.#countBadFrame()
  }

  /** The peer is there: it sent something. */
  hear(): void {
    this.pulse.heard = true
  }

  /** Asks the peer for a sign of life, or ends a connection that gave none for too long. */
  beat(): void {
    if (!this.isOpen) return
    const verdict = this.pulse.beat(this.#transport.flushed, this.#transport.waiting)
    if (verdict === 'alive') this.#transport.ping()
    else this.close(verdict)
  }

  /** Tells a client that understands it to open a connection elsewhere. */
  move(within_ms: number): void {
    if (this.state !== 'open' || this.protocol.name !== 'parley.v1') return
    this.state = 'moving'
    this.protocol.move(this, within_ms)
  }

  /** What the client has asked for is still answered. */
  stopReading(): void {
    if (this.isOpen) this.#transport.pause()
  }

  /** Without a closing handshake. */
  terminate(): void {
    this.#transport.terminate()
  }

  /** Nothing is written after this but the close frame. */
  close(reason: CloseReason): void {
    if (!this.isOpen) return
    this.state = 'closing'
    this.#close_reason = reason
    this.#dropAll()
    this.#transport.close(closeCodes[reason], reason)
    // A peer that does not read will not read the close frame either.
    if (reason === 'heartbeat_missed') this.#transport.terminate()
    else this.#transport.resume()
  }

  /** The socket is gone. */
  closed(): void {
    if (this.state === 'closed') return
    this.state = 'closed'
    this.#dropAll()
    this.#onClosed(this, this.#close_reason)
  }

  /** What a client that does not repeat itself sent before it read that this gateway goes away; others ask again elsewhere. */
  get #hearsLastWords(): boolean {
    return (
      this.state === 'closing' && this.#close_reason === 'shutting_down' && this.protocol.name === 'simple'
    )
  }

  #takeFrame(): number {
    const { frames_per_second, frames_burst } = this.#tuning
    this.#frames ??= new TokenBucket(frames_per_second, frames_burst)
    return this.#frames.take()
  }

  #countBadFrame(): void {
    const now = performance.now()
    if (this.#bad_frames === 0 || now - this.#bad_since > this.#tuning.bad_frames_ms) {
      this.#bad_frames = 0
      this.#bad_since = now
    }
    if (++this.#bad_frames >= this.#tuning.bad_frames) this.close('protocol_error')
  }

  #forget(subscription: Subscription): void {
    const { id } = subscription.room
    if (this.subscriptions.get(id) !== subscription) return
    this.subscriptions.delete(id)
    if (subscription.wish.explicit) this.explicit_subscriptions--
  }

  #dropAll(): void {
    for (const subscription of this.subscriptions.values()) subscription.room.drop(subscription)
    this.subscriptions.clear()
    this.#output.clear()
  }
}
