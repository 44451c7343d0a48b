import type { ConversationApi, RoomRead } from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import {
  allowedOrigins,
  busMetrics,
  crossOrigin,
  isSecure,
  sessionCookieName,
  createService,
  healthPlugin,
  metricsPlugin,
  type ServiceInstance,
  type Tracing
} from '@parley/service-kit'
import type { Logger } from 'pino'
import { type AppConfig, tuningOf } from './config.ts'
import { upgradeRoutes } from './connection/upgrade-routes.ts'
import { websocketPlugin } from './connection/websocket-plugin.ts'
import { eventStreamRoutes } from './event-streams/event-stream-routes.ts'
import { Gateway, refusalCode } from './gateway.ts'
import { GatewayMetrics } from './gateway-metrics.ts'

/**
 * The realtime gateway, not yet listening. It holds no truth: everything it knows it reads from the api. Closing it drains it
 * first; the bus and the api stay open, whoever opened them closes them.
 */
export async function buildApp(options: {
  config: AppConfig
  bus: EventBus
  api: ConversationApi
  logger: Logger
  tracing?: Tracing | undefined
}): Promise<ServiceInstance> {
  const { config, bus, api, logger, tracing } = options
  const tuning = tuningOf(config)
  const app = createService({
    name: 'realtime-gateway',
    logger,
    ...(config.TRUST_PROXY ? { trustProxy: config.TRUST_PROXY } : {})
  })

  await app.register(metricsPlugin)
  await app.register(busMetrics, { bus })
  const metrics = new GatewayMetrics(app.metrics)
  const gateway = new Gateway({
    api,
    bus,
    tuning,
    rate_limits: config.RATE_LIMITS === 'on',
    metrics,
    logger,
    tracing
  })
  await app.register(healthPlugin, {
    checks: {
      api: { required: true, check: () => gateway.checkApi() },
      bus: { required: false, check: () => (bus.state === 'connected' ? 'ok' : 'degraded') }
    }
  })
  await app.register(crossOrigin, { allowed: allowedOrigins(config) })
  await app.register(websocketPlugin, { close_ms: tuning.close_ms })
  const admission = {
    api,
    readRoom: (read: RoomRead) => gateway.reader.read(read),
    connections: gateway.connections,
    rules: { cookie_name: sessionCookieName(isSecure(config)), allowed_origins: allowedOrigins(config) }
  }
  await app.register(upgradeRoutes, {
    ...admission,
    onOpen: (socket, granted, speaks_v1) => gateway.open(socket, granted, speaks_v1),
    onRefused: (error) => metrics.refused.inc({ code: refusalCode(error) })
  })
  await app.register(eventStreamRoutes, {
    ...admission,
    accept: (transport, granted, protocol) => gateway.accept(transport, granted, protocol),
    subscribe: (connection, conversation_id, wish) => gateway.subscribe(connection, conversation_id, wish)
  })

  app.addHook('onReady', async () => gateway.start())
  app.addHook('preClose', async () => {
    app.beginDrain()
    await gateway.stop()
  })
  return app
}
