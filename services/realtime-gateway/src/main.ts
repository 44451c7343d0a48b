import process from 'node:process'
import { connectJetStream } from '@parley/event-bus'
import { loadConfig, openTracing, runService } from '@parley/service-kit'
import { createHttpConversationApi } from './api-client/http-conversation-api.ts'
import { buildApp } from './app.ts'
import { Config } from './config.ts'

await runService(process, {
  name: 'realtime-gateway',
  config: (env) => loadConfig(Config, env),
  async start({ config, logger }) {
    const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT
    const tracing = await openTracing({ name: 'realtime-gateway', endpoint })
    const bus = await connectJetStream({ url: config.NATS_URL, name: 'realtime-gateway', logger })
    const api = createHttpConversationApi({ urls: config.API_URLS, secret: config.INTERNAL_SECRET })
    const app = await buildApp({ config, bus, api, logger, tracing })
    const url = await app.listen({ port: config.PORT, host: config.HOST })
    return {
      ready: { url },
      async close() {
        await app.close()
        await api.close()
        await bus.close()
        await tracing?.close()
      }
    }
  }
})
