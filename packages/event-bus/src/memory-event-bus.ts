import type { DurableName } from '@parley/contracts'
import type { Logger } from 'pino'
import type { EventBus } from './event-bus.ts'
import { MemoryStream } from './memory-stream.ts'
import { MemoryTopics } from './memory-topics.ts'

/**
 * The bus inside one process. What it holds is gone with the process, as if a broker had been wiped: whoever publishes durably
 * sees another {@link EventBus.inspectStream} `created` after a restart.
 *
 * @example
 * const bus = createMemoryEventBus()
 * bus.subscribe('room.*', (payload, subject) => …)
 */
export function createMemoryEventBus({
  logger,
  durables
}: {
  logger?: Logger
  /** Default: the notifier's. */
  durables?: readonly DurableName[]
} = {}): EventBus {
  const topics = new MemoryTopics(logger)
  const stream = new MemoryStream(logger, durables)
  let closed = false
  return {
    get state() {
      return closed ? 'degraded' : 'connected'
    },
    get dropped() {
      return topics.dropped
    },
    publishDurable: async (messages) =>
      messages.map((message) => (closed ? new Error('the bus is closed') : stream.publish(message))),
    inspectStream: async () => (closed ? null : stream.state),
    consume: async (durable, handler) => stream.durable(durable).attach(handler),
    publish: (subject, payload, headers) => topics.publish(subject, payload, headers),
    subscribe: (subject, handler) => topics.subscribe(subject, handler),
    async flush() {
      if (closed) throw new Error('the bus is closed')
    },
    async close() {
      await stream.close()
      await topics.close()
      closed = true
    }
  }
}
