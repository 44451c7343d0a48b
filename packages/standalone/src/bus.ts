import { connectJetStream, createMemoryEventBus, type EventBus } from '@parley/event-bus'
import type { Logger } from 'pino'
import type { Config } from './config.ts'

/** The configured NATS, or a bus inside this process. */
export async function openBus(config: Config, logger: Logger): Promise<EventBus> {
  if (!config.NATS_URL) return createMemoryEventBus({ logger })
  return connectJetStream({ url: config.NATS_URL, name: 'parley', logger })
}
