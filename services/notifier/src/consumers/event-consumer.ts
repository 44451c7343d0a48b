import { durables, eventSubject, splitWhole } from '@parley/contracts'
import type { EventBus, ReceivedMessage, Subscription } from '@parley/event-bus'
import type { Tracing } from '@parley/service-kit'
import type { Logger } from 'pino'
import type { NotifierMetrics } from '../notifier-metrics.ts'
import { type Arrived, pushToRooms } from '../rooms/room-push.ts'
import { PushTraces } from '../rooms/push-traces.ts'

/**
 * Carries domain events from the durable consumer to the rooms. Whatever cannot be read is counted, logged without its content and
 * acknowledged: delivered again it would be no better.
 */
export function consumeEvents(
  bus: EventBus,
  metrics: NotifierMetrics,
  logger: Logger,
  tracing?: Tracing
): Promise<Subscription> {
  return bus.consume(durables.notifier, async (batch) => {
    const arrived = batch.flatMap((message) => read(message) ?? setAside(message))
    metrics.events.inc(arrived.reduce((sum, { count }) => sum + count, 0))
    metrics.redelivered.inc(batch.filter(({ redelivered }) => redelivered).length)
    const traces = tracing && new PushTraces(tracing, batch)
    metrics.publishes.inc(pushToRooms(bus, arrived, traces))
    traces?.end()
  })

  function setAside({ subject, payload }: ReceivedMessage): [] {
    metrics.poison.inc()
    logger.warn({ subject, bytes: payload.length }, 'event.set_aside')
    return []
  }
}

/** Undefined for bytes that are not all events, or not those their subject says. */
function read({ subject, payload }: ReceivedMessage): Arrived | undefined {
  const events = splitWhole(payload)
  const [first] = events ?? []
  if (!events || !first) return undefined
  if (events.some(({ kind, conversation_id }) => eventSubject(kind, conversation_id) !== subject))
    return undefined
  const { conversation_id, seq } = first
  return { conversation_id, seq, count: events.length, bytes: payload }
}
