import type { Message, ServerFrames } from '@parley/contracts'
import type { ConnectionState } from './connection/connection.ts'
import type { WireFrame } from './connection/transport.ts'
import type { ParleyError } from './errors.ts'
import type { OutboxEntry } from './outbox/outbox.ts'

/** A message the application has not seen before. */
export interface NewMessage {
  type: 'message'
  conversation_id: string
  seq: number
  prev: number
  message: Message
}

/** Frames that the client answers to by itself. */
type Inward = 'welcome' | 'subscribed_all' | 'ack' | 'error' | 'lagging' | 'move' | 'message'

/** What can be listened to: the protocol's frames as the application should see them, and what happens on this side. */
export type ClientEvents = Omit<ServerFrames, Inward> & {
  message: NewMessage
  state: ConnectionState
  outbox: OutboxEntry
  problem: ParleyError
  unknown_frame: WireFrame
}

export type EventName = keyof ClientEvents
/** One of them, with its name: what the iterators give. */
export type ClientEvent = { [N in EventName]: { name: N; event: ClientEvents[N] } }[EventName]
