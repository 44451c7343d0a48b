import type { Id } from '../common/scalars.ts'
import type { DurableEvent } from './event.ts'
import type { EventKind } from './event-kinds.ts'

/** The JetStream stream that carries domain events from the api to its durable consumers. */
export const stream = Object.freeze({
  name: 'PARLEY',
  subjects: ['message.*.*', 'member.*.*', 'conversation.*.*'],
  /** Events are a doorbell: Postgres keeps the truth, the broker a day at most. */
  max_age_ms: 24 * 3_600_000
})

/**
 * Durable consumers; whoever creates the stream creates those that the deployment has before the first publish. One that nobody reads
 * from must not exist: the broker would keep every event for it.
 */
export const durables = Object.freeze({ notifier: 'notifier', push: 'push', webhooks: 'webhooks' })
export type DurableName = keyof typeof durables

/** Those of a deployment. Every service that may create the stream must be told the same. */
export function durablesOf({ push, webhooks }: { push: boolean; webhooks: boolean }): DurableName[] {
  return [durables.notifier, ...(push ? [durables.push] : []), ...(webhooks ? [durables.webhooks] : [])]
}

/** `message.created.<conversation>`: the durable subject of an event. */
export function eventSubject(kind: EventKind, conversationId: Id): string {
  return `${kind}.${conversationId}`
}

/** The durable subject of events of one kind that travel as one message; `message.created.many` where they are not of one conversation. */
export function payloadSubject(events: readonly Pick<DurableEvent, 'kind' | 'conversation_id'>[]): string {
  const [first] = events
  if (!first) throw new RangeError('a message carries at least one event')
  const { kind, conversation_id } = first
  const isOne = events.every((event) => event.conversation_id === conversation_id)
  return eventSubject(kind, isOne ? conversation_id : 'many')
}

/** Durable frames of one conversation, from the notifier to every gateway with that room open. */
export function roomSubject(conversationId: Id): string {
  return `room.${conversationId}`
}

/** Typing in one conversation, from gateway to gateways. */
export function typingSubject(conversationId: Id): string {
  return `typing.${conversationId}`
}

/** Control of one user's connections: a session ended, a room list changed. */
export function userSubject(userId: Id): string {
  return `user.${userId}`
}

/** Control of everyone's connections, as a gateway listens to it. */
export const allUsers = 'user.*'
