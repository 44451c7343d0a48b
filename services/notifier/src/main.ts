import process from 'node:process'
import { durablesOf } from '@parley/contracts'
import { connectJetStream } from '@parley/event-bus'
import { loadConfig, openTracing, runService } from '@parley/service-kit'
import { createHttpNotifierApi } from './api-client/http-notifier-api.ts'
import { buildApp } from './app.ts'
import { apiOf, Config, vapidOf } from './config.ts'

await runService(process, {
  name: 'notifier',
  config: (env) => loadConfig(Config, env),
  async start({ config, logger }) {
    const vapid = vapidOf(config)
    const webhooks = config.WEBHOOKS === 'on'
    const networks = config.OUTWARD_NETWORKS ?? []
    const api = vapid || webhooks ? createHttpNotifierApi(apiOf(config)) : undefined
    const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT
    const tracing = await openTracing({ name: 'notifier', endpoint })
    const bus = await connectJetStream({
      url: config.NATS_URL,
      name: 'notifier',
      replicas: config.NATS_REPLICAS,
      durables: durablesOf({ push: vapid !== undefined, webhooks }),
      logger
    })
    const app = await buildApp({
      bus,
      logger,
      tracing,
      outward: api && { api, vapid, webhooks, networks }
    })
    const url = await app.listen({ port: config.PORT, host: config.HOST })
    return {
      ready: { url },
      async close() {
        app.beginDrain()
        await app.close()
        await bus.close()
        await tracing?.close()
      }
    }
  }
})
