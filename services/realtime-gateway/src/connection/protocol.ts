import type { Id, ProblemError } from '@parley/contracts'
import type { Dialect } from '../rooms/dialect.ts'
import type { EndReason, Subscription } from '../rooms/subscription.ts'
import type { Connection } from './connection.ts'

/** What a client may name its frame with, to recognise the answer. */
export type Ref = string | number | undefined

/** What one kind of connection says and understands. One object serves all connections of its kind. */
export interface Protocol {
  readonly name: 'parley.v1' | 'simple' | 'notifications' | 'event-stream' | 'long-poll'
  readonly dialect: Dialect
  /** The connection is open: the first frame, if there is one. */
  opened(connection: Connection): void
  /** One text frame from the client. False for one that is not well formed, or one too many; an error was sent then. */
  receive(connection: Connection, text: string): boolean
  subscribed(connection: Connection, subscription: Subscription): void
  /** All of a user's rooms were answered. */
  subscribedAll(connection: Connection, count: number, ref: Ref): void
  lagging(connection: Connection, subscription: Subscription, from: number, to: number): void
  unsubscribed(connection: Connection, conversation_id: Id, reason: EndReason | 'asked', ref: Ref): void
  error(connection: Connection, error: ProblemError, context?: ErrorContext): void
  move(connection: Connection, within_ms: number): void
}

export interface ErrorContext {
  ref?: Ref
  conversation_id?: Id
}
