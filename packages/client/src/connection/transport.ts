import type { ClientFrame, User } from '@parley/contracts'
import type { Rest } from '../rest/rest.ts'
import type { Clock } from './connection.ts'

/** A frame as it came: known types have the shapes of the contracts, others are looked at no further. */
export interface WireFrame {
  type: string
  ref?: string | number
  conversation_id?: string
  readonly [field: string]: unknown
}

type Without<F, K extends PropertyKey> = F extends unknown ? Omit<F, K> : never
/** A frame to send; what answers it is told apart by a `ref` that the connection gives. */
export type OutgoingFrame = Without<ClientFrame, 'ref'> & { ref?: string }

export type TransportKind = 'websocket' | 'event-stream' | 'long-poll' | 'tab'

/** One open way to the server. */
export interface Transport {
  readonly kind: TransportKind
  /** Whether commands and typing can go this way; otherwise they go over REST, or nowhere. */
  readonly duplex: boolean
  readonly user: User
  send(frame: OutgoingFrame): void
  /** Looks whether the other side is still there; it is closed if not. */
  probe(): void
  close(): void
}

export interface TransportEvents {
  frame(frame: WireFrame): void
  /** Once, after it was open. `code` as of WebSockets; 1006 where there is none. */
  closed(code: number): void
}

export interface Opening {
  signal: AbortSignal
  /** What is open already: only something else, or something better, is of use. */
  current: TransportKind | undefined
}

/** Puts something between a client and its transports. */
export type ShareConnection = (
  open: OpenTransport,
  services: { rest: Rest; clock: Clock }
) => SharedConnection

export interface SharedConnection {
  open: OpenTransport
  /** This client wants no connection until it opens one again. What it had is closed, and what it was opening given up. */
  release(): void
}

/** Opens one, or rejects: with `UnauthenticatedError` where another attempt makes no sense. */
export type OpenTransport = (events: TransportEvents, opening: Opening) => Promise<Transport>
