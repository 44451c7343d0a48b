import { durables, type EncodedEvent, payloadSubject, splitWhole } from '@parley/contracts'
import type { EventBus, ReceivedMessage, Subscription } from '@parley/event-bus'
import type { Tracing } from '@parley/service-kit'
import type { Logger } from 'pino'
import type { NotifierMetrics } from '../notifier-metrics.ts'
import { pushToRooms } from '../rooms/room-push.ts'
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
    metrics.events.inc(arrived.length)
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
function read({ subject, payload }: ReceivedMessage): EncodedEvent[] | undefined {
  const encoded = splitWhole(payload)
  return encoded && payloadSubject(encoded.map(({ event }) => event)) === subject ? encoded : undefined
}
