import { durablesOf } from '@parley/contracts'
import { connectJetStream, createMemoryEventBus, type EventBus } from '@parley/event-bus'
import type { Logger } from 'pino'
import type { Config } from './config.ts'

/** The configured NATS, or a bus inside this process. */
export async function openBus(config: Config, logger: Logger): Promise<EventBus> {
  const durables = durablesOf({
    push: config.VAPID_PUBLIC_KEY !== undefined,
    webhooks: config.WEBHOOKS === 'on'
  })
  if (!config.NATS_URL) return createMemoryEventBus({ logger, durables })
  return connectJetStream({ url: config.NATS_URL, name: 'parley', logger, durables })
}
