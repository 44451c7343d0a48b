import process from 'node:process'
import { durablesOf } from '@parley/contracts'
import { connectJetStream } from '@parley/event-bus'
import { loadConfig, openTracing, runService } from '@parley/service-kit'
import { buildApp } from './app.ts'
import { Config } from './config.ts'

await runService(process, {
  name: 'conversation-api',
  config: (env) => loadConfig(Config, env),
  async start({ config, logger }) {
    const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT
    const tracing = await openTracing({ name: 'conversation-api', endpoint })
    const bus = await connectJetStream({
      url: config.NATS_URL,
      name: 'conversation-api',
      replicas: config.NATS_REPLICAS,
      durables: durablesOf({
        push: config.VAPID_PUBLIC_KEY !== undefined,
        webhooks: config.WEBHOOKS === 'on'
      }),
      logger
    })
    const { app, internal } = await buildApp({ config, bus, logger, tracing })
    const internal_url = await internal.listen({ port: config.INTERNAL_PORT, host: config.INTERNAL_HOST })
    const url = await app.listen({ port: config.PORT, host: config.HOST })
    return {
      ready: { url, internal_url },
      async close() {
        app.beginDrain()
        await app.close()
        await bus.close()
        await tracing?.close()
      }
    }
  }
})
