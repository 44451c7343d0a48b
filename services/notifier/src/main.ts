import process from 'node:process'
import { connectJetStream } from '@parley/event-bus'
import { loadConfig, openTracing, runService } from '@parley/service-kit'
import { buildApp } from './app.ts'
import { Config } from './config.ts'

await runService(process, {
  name: 'notifier',
  config: (env) => loadConfig(Config, env),
  async start({ config, logger }) {
    const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT
    const tracing = await openTracing({ name: 'notifier', endpoint })
    const bus = await connectJetStream({
      url: config.NATS_URL,
      name: 'notifier',
      replicas: config.NATS_REPLICAS,
      logger
    })
    const app = await buildApp({ bus, logger, tracing })
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
