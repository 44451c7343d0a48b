import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { buildApp as buildApi, migrate } from '@parley/conversation-api'
import { buildMessagingCenter } from '@parley/messaging-center'
import { buildApp as buildNotifier, vapidOf } from '@parley/notifier'
import { buildApp as buildGateway } from '@parley/realtime-gateway'
import { openTracing } from '@parley/service-kit'
import type { Logger } from 'pino'
import { openBus } from './bus.ts'
import { type Config, localUrl } from './config.ts'
import { openDatabase } from './database.ts'
import { type Listener, openListener } from './listener.ts'
import { buildOwnRoutes } from './own-routes.ts'

export interface Standalone {
  /** What to open in a browser on this machine. */
  url: string
  /** Stops everything, the last first; open requests have two seconds to end. */
  close(): Promise<void>
}

const REQUESTS_MS = 2_000

/**
 * The three services in this process behind one port, on an embedded PostgreSQL and the in-memory bus unless the configuration
 * names other ones. Rejects with a `StartError` where the port, the data folder or the database cannot be used.
 *
 * @example
 * const parley = await startStandalone({ config: loadConfig(Config, env), logger })
 */
export async function startStandalone(options: { config: Config; logger: Logger }): Promise<Standalone> {
  const { config } = options
  const listener = await openListener(config.HOST, config.PORT)
  const opened: (() => Promise<void>)[] = []
  try {
    await serve(listener, options, opened)
  } catch (error) {
    await Promise.all([listener.close(0), closeAll(opened)])
    throw error
  }
  return { url: localUrl(config.HOST, listener.port), close: () => closeAll(opened) }
}

/** Notes in `opened` how to close each thing, in the order they were opened. */
async function serve(
  listener: Listener,
  { config, logger }: { config: Config; logger: Logger },
  opened: (() => Promise<void>)[]
): Promise<void> {
  const site = buildMessagingCenter()
  // It is waited for below, where the rest is there; until then a failure is nobody's.
  site.catch(() => {})
  const { DATABASE_URL, close } = await openDatabase(config, logger)
  opened.push(close)
  await migrate(DATABASE_URL)
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT
  const tracing = await openTracing({ name: 'parley', endpoint })
  opened.push(async () => tracing?.close())
  const bus = await openBus(config, logger)
  opened.push(() => bus.close())

  const shared = {
    ATTACHMENTS_DIR: join(config.DATA_DIR, 'attachments'),
    ...config,
    PORT: listener.port,
    DATABASE_URL,
    INTERNAL_SECRET: randomBytes(24).toString('hex')
  }
  const { app: rest, api, notifier: outside } = await buildApi({ config: shared, bus, logger, tracing })
  opened.push(() => rest.close())
  await rest.ready()
  const notifier = await buildNotifier({
    bus,
    logger,
    tracing,
    outward: {
      api: outside,
      vapid: vapidOf(config),
      webhooks: config.WEBHOOKS === 'on',
      networks: config.OUTWARD_NETWORKS ?? []
    }
  })
  opened.push(() => notifier.close())
  await notifier.ready()
  // There is no other gateway that clients could move to while this one drains.
  const tuning = { drain_ms: 0 }
  const gateway = await buildGateway({ config: { ...shared, tuning }, bus, api, logger, tracing })
  const own = await buildOwnRoutes({
    able: [rest, gateway],
    measured: [rest, notifier, gateway],
    site: await site,
    logger
  })
  await gateway.ready()

  listener.serve({ api: rest, gateway, own })
  opened.push(async () => {
    for (const app of [rest, notifier, gateway]) app.beginDrain()
    const idle = listener.close(REQUESTS_MS)
    await gateway.close()
    await idle
    await own.close()
  })
}

/** The last first; what fails to close does not keep the rest open. */
async function closeAll(opened: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const close of opened.toReversed()) await close().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw new AggregateError(failures, 'not everything closed')
}
