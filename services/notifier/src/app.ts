import type { EventBus, Subscription } from '@parley/event-bus'
import {
  busMetrics,
  createService,
  healthPlugin,
  metricsPlugin,
  type ServiceInstance,
  type Tracing
} from '@parley/service-kit'
import type { Logger } from 'pino'
import { consumeEvents } from './consumers/event-consumer.ts'
import { createNotifierMetrics } from './notifier-metrics.ts'
import { type Outward, startOutward } from './outward/outward.ts'

/** The whole service, not yet listening; it consumes from `ready()` on. Closing it finishes the batch in hand, but leaves the bus open. */
export async function buildApp(options: {
  bus: EventBus
  logger: Logger
  tracing?: Tracing | undefined
  /** Without it nothing leaves the house. */
  outward?: Outward | undefined
}): Promise<ServiceInstance> {
  const { bus, logger, tracing, outward } = options
  const app = createService({ name: 'notifier', logger })
  await app.register(healthPlugin, {
    checks: {
      bus: {
        required: true,
        check: () => {
          if (bus.state !== 'connected') throw new Error('the bus does not answer')
          return 'ok'
        }
      }
    }
  })
  await app.register(metricsPlugin)
  await app.register(busMetrics, { bus })
  const metrics = createNotifierMetrics(app.metrics)
  let consumer: Subscription | undefined
  let stopOutward: (() => Promise<void>) | undefined
  app.addHook('onReady', async () => {
    consumer = await consumeEvents(bus, metrics, logger, tracing)
    if (outward) stopOutward = await startOutward(outward, { bus, metrics, logger })
  })
  app.addHook('onClose', async () => {
    await stopOutward?.()
    await consumer?.stop()
  })
  return app
}
