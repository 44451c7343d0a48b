import { type DurableName, type EventKind, type OutwardEvent, splitEvents } from '@parley/contracts'
import type { EventBus, Subscription } from '@parley/event-bus'

interface Queueing {
  durable: DurableName
  /** Undefined for all of them. */
  kinds?: ReadonlySet<EventKind>
  queue: (events: OutwardEvent[]) => Promise<void>
  /** Something is in the queue. */
  queued: () => void
}

/**
 * Brings events from a durable consumer into the api's queue, which keeps them from then on: nothing that takes long is done while the
 * broker waits. What cannot be read is passed over; the consumer for rooms counts it.
 */
export function queueEvents(
  bus: EventBus,
  { durable, kinds, queue, queued }: Queueing
): Promise<Subscription> {
  return bus.consume(durable, async (batch) => {
    const events = batch
      .flatMap(({ payload }) => splitEvents(payload))
      .filter(({ kind }) => !kinds || kinds.has(kind))
      .map(({ frame: _, prev: __, ...event }): OutwardEvent => event)
    if (events.length === 0) return
    await queue(events)
    queued()
  })
}
