import { type Static, Type } from '@sinclair/typebox'
import { Id, Seq } from '../common/scalars.ts'
import type { EventKind } from '../events/event-kinds.ts'
import type { PushPayload } from '../rest/push.ts'

/**
 * What the notifier asks of conversation-api: it keeps no queue itself. Deliveries are taken for a while; whoever does not settle them
 * in time loses them to the next who asks.
 */
export interface NotifierApi {
  /** Notes which browsers these events concern; an event that comes again is noted once. */
  queuePushes(events: OutwardEvent[]): Promise<void>
  takePushes(limit: number): Promise<Push[]>
  settlePushes(outcomes: PushOutcome[]): Promise<void>
  /** Notes the events for every webhook. */
  queueHooks(events: OutwardEvent[]): Promise<void>
  takeHooks(limit: number): Promise<Hook[]>
  settleHooks(outcomes: HookOutcome[]): Promise<void>
}

export const OutwardEvent = Type.Object({
  conversation_id: Id,
  seq: Seq,
  kind: Type.Unsafe<EventKind>(Type.String()),
  subject_id: Id,
  actor_id: Id
})
export type OutwardEvent = Static<typeof OutwardEvent>

export interface Push {
  subscription_id: Id
  endpoint: string
  p256dh: string
  auth: string
  payload: PushPayload
}

/** `gone`: the browser takes no more. `later` is tried again, after a while that grows; `never` is given up. */
const Result = Type.Union([
  Type.Literal('sent'),
  Type.Literal('gone'),
  Type.Literal('later'),
  Type.Literal('never')
])
/** How long whoever was asked wants to be left alone, in milliseconds. */
const retry_after_ms = Type.Optional(Type.Integer({ minimum: 0 }))

export const PushOutcome = Type.Object({
  subscription_id: Id,
  message_id: Id,
  /** As it was taken: a withdrawal that came meanwhile is not settled by it. */
  kind: Type.Union([Type.Literal('message'), Type.Literal('mention'), Type.Literal('withdrawn')]),
  result: Result,
  retry_after_ms
})
export type PushOutcome = Static<typeof PushOutcome>

export interface Hook {
  webhook_id: Id
  conversation_id: Id
  seq: number
  url: string
  secret: string
  /** The body, finished. */
  body: string
}

export const HookOutcome = Type.Object({
  webhook_id: Id,
  conversation_id: Id,
  seq: Seq,
  result: Result,
  /** Why it failed, in a few words. */
  error: Type.Optional(Type.String({ maxLength: 300 })),
  retry_after_ms
})
export type HookOutcome = Static<typeof HookOutcome>
