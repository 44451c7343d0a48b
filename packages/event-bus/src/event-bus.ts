import type { DurableName } from '@parley/contracts'

/**
 * A doorbell, not a store: whatever is lost here, Postgres and the beat bring back. Nothing throws because the broker is away,
 * but {@link EventBus.flush}.
 */
export interface EventBus {
  /** 'degraded' while the broker does not answer: at most 3 s after it stopped, until it is back. */
  readonly state: 'connected' | 'degraded'
  /** Volatile messages that were dropped because the broker was away or a queue was full, since the start. */
  readonly dropped: number
  /**
   * Resolves when every message is stored or has failed, after 2 s at the latest: one result each, in order, undefined for stored.
   * Never rejects. A failure says that nobody confirmed: the message may have been stored all the same.
   */
  publishDurable(messages: readonly DurableMessage[]): Promise<(Error | undefined)[]>
  /** The stream, after it and all durable consumers were made where they were missing; null when the broker does not answer. */
  inspectStream(): Promise<StreamState | null>
  /**
   * Competing consumers under one durable name: each message goes to one of them. A batch is acknowledged when the handler
   * resolves, and delivered again, here or elsewhere, when it rejects. Batches come one at a time. Outlives lost connections and
   * wiped or rolled-back brokers.
   */
  consume(
    durable: DurableName,
    handler: (batch: readonly ReceivedMessage[]) => Promise<void>
  ): Promise<Subscription>
  /** Volatile, fire and forget. */
  publish(subject: string, payload: Uint8Array, headers?: MessageHeaders): void
  /**
   * Volatile: messages of this moment, in each sender's order. `*` stands for one part of a subject, a last `>` for one or more.
   * May be called while the broker is away, and outlives lost connections. A handler that throws is logged.
   */
  subscribe(subject: string, handler: VolatileHandler): Subscription
  /** Resolves when the broker has seen all earlier subscribes and publishes; rejects when it is away or not in time (2 s). */
  flush(timeout_ms?: number): Promise<void>
  /** Lets consumers finish what they have in hand, hands over what was published, and disconnects. */
  close(): Promise<void>
}

/** What travels beside a payload: the values of each name. Example: `{ traceparent: ['00-…-01'] }` */
export type MessageHeaders = Readonly<Record<string, readonly string[]>>

/** The values that a message came with under a name; none where the broker brought none. Nothing is read before it is called. */
export type HeaderReader = (name: string) => readonly string[]

export interface DurableMessage {
  subject: string
  /** Within two minutes a message with the same id is stored once. */
  id: string
  payload: Uint8Array
  headers?: MessageHeaders | undefined
}

export interface ReceivedMessage {
  subject: string
  payload: Uint8Array
  redelivered: boolean
  header: HeaderReader
}

export interface StreamState {
  /** Identifies the stream: another time means that it was made anew. */
  created: string
  /** The highest sequence number ever stored. Lower than it was: the broker was rolled back. */
  last_seq: number
}

export type VolatileHandler = (payload: Uint8Array, subject: string, header: HeaderReader) => void

export interface Subscription {
  /** For a consumer: after what it has in hand. No handler is called once this has resolved. */
  stop(): Promise<void>
}
