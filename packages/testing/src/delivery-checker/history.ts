/**
 * What a run of the delivery checker records: every operation, every frame, every fault, on one monotonic clock (`at`, in
 * milliseconds). A history is kept as JSON lines, one record a line, in the order things were seen.
 */
export type HistoryRecord =
  | Invoked
  | Completed
  | SignedIn
  | ClientLife
  | ApplicationLife
  | Shown
  | Opened
  | Closed
  | Asked
  | Received
  | Reading
  | Stalled
  | Rung
  | FaultRecord
  | Mark
  | ResourceSample

export type OperationKind =
  | 'create'
  | 'send'
  | 'edit'
  | 'delete'
  | 'react'
  | 'unreact'
  | 'add'
  | 'remove'
  | 'login'
  | 'logout'
  | 'revoke'
  | 'disable'
  | 'password'
  /** A message read back over REST. */
  | 'get'

/** One intent. A client that tries it several times completes it once. */
export interface Invoked {
  at: number
  type: 'invoked'
  op: number
  kind: OperationKind
  user: string
  /** The session that asks; undefined for an operator. */
  session?: string | undefined
  via: 'rest' | 'socket'
  conversation?: string | undefined
  client_id?: string | undefined
  body?: string | undefined
  /** The message it is about. */
  message?: string | undefined
  /** The member added or removed; the session ended; for `disable` and `password` the user. */
  subject?: string | undefined
}

/**
 * `fail`: it is certain that nothing happened. `unknown`: it may have happened (a timeout, a lost connection, a temporary error).
 */
export interface Completed {
  at: number
  type: 'ok' | 'fail' | 'unknown'
  op: number
  seq?: number | undefined
  message?: string | undefined
  body?: string | null | undefined
  code?: string | undefined
  replay?: boolean | undefined
  /** What `create` made; its seq is the head it had then. */
  conversation?: string | undefined
}

/** A session that began now at the latest. */
export interface SignedIn {
  at: number
  type: 'signed_in'
  user: string
  session: string
}

/** From start to stop a client wants to be connected. */
export interface ClientLife {
  at: number
  type: 'client'
  client: string
  user: string
  session: string
  phase: 'start' | 'stop'
  /** With a stop that was not its own wish: the close code, or the status of a refused upgrade. */
  code?: number | undefined
}

/** From start to stop an application has a client; it may have several, one after another. */
export interface ApplicationLife {
  at: number
  type: 'application'
  app: string
  user: string
  phase: 'start' | 'stop'
}

/** What a client library handed on to its application: `message` is one that is new to it. */
export interface Shown {
  at: number
  type: 'shown'
  app: string
  user: string
  conversation: string
  /** A durable frame's type, `subscribed` or `unsubscribed`. */
  frame: string
  seq?: number | undefined
  prev?: number | undefined
  subject?: string | undefined
  message_seq?: number | undefined
  /** With `subscribed`. */
  head?: number | undefined
}

export type Dialect = 'parley.v1' | 'simple' | 'notifications'

/** A socket that was accepted. `client` owns the cursors: one client may have several sockets, one after another or at once. */
export interface Opened {
  at: number
  type: 'opened'
  socket: number
  client: string
  user: string
  session: string
  dialect: Dialect
  /** When the upgrade was asked for. */
  asked_at: number
  /** With the address of one room. */
  conversation?: string | undefined
  since?: number | undefined
}

export interface Closed {
  at: number
  type: 'closed'
  socket: number
  code: number
}

/** What the client asked of a socket that changes what it should get. */
export interface Asked {
  at: number
  type: 'asked'
  socket: number
  what: 'subscribe' | 'unsubscribe' | 'subscribe_all'
  conversation?: string | undefined
  since?: number | undefined
  cursors?: Record<string, number> | undefined
}

/** A frame, reduced to what is checked. */
export interface Received {
  at: number
  type: 'received'
  socket: number
  frame: string
  conversation?: string | undefined
  seq?: number | undefined
  prev?: number | undefined
  /** The row it is about: a message's, a member's user's or the conversation's id. */
  subject?: string | undefined
  /** Whose message it is, or who types. */
  user?: string | undefined
  /** Where the message was created. */
  message_seq?: number | undefined
  body?: string | null | undefined
  head?: number | undefined
  /** Where a subscription began. */
  since?: number | undefined
  code?: string | undefined
}

/** A client stopped reading from a socket, or went on: what was written meanwhile is received when it does. */
export interface Reading {
  at: number
  type: 'reading'
  socket: number
  on: boolean
}

/** The process that records stood still for so long, in milliseconds, until now: whatever came meanwhile is recorded late. */
export interface Stalled {
  at: number
  type: 'stalled'
  ms: number
}

/** The broker took the event of this change: whoever consumes it is told. Recorded only where the bus can be listened to. */
export interface Rung {
  at: number
  type: 'rung'
  conversation: string
  seq: number
}

export interface FaultRecord {
  at: number
  type: 'fault'
  fault: number
  name: string
  phase: 'begin' | 'end'
  detail?: string | undefined
}

/** `healed`: every fault is over. `quiet`: the load has stopped. `settled`: it was waited for everyone to catch up. */
export interface Mark {
  at: number
  type: 'mark'
  name: 'healed' | 'quiet' | 'settled'
}

export interface ResourceSample {
  at: number
  type: 'sample'
  phase: 'baseline' | 'final'
  process: string
  /** After a garbage collection. */
  heap_bytes: number
  fds: number
}

/** Every body proves where it belongs, whichever version of the message it is. The end mark keeps 1 from being found in 12. */
export function bodyOf(conversation: string, sender: string, n: number, version = 0): string {
  return `${conversation}:${sender}:${n}:${version};`
}

/** Finds every text of {@link bodyOf}. */
export const bodyPattern = /[\w-]+:[\w-]+:\d+:\d+;/g
