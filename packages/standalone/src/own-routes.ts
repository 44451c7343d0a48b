import { createService, type Readiness, renderMetrics, type ServiceInstance } from '@parley/service-kit'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { siteRoutes } from './site-routes.ts'

export interface OwnRoutesOptions {
  /** Who has to be ready. Not the notifier: without a bus rooms are slower, and still complete. */
  able: readonly Pick<FastifyInstance, 'readiness'>[]
  measured: readonly Pick<FastifyInstance, 'metrics'>[]
  /** The folder of the built messaging center. */
  site: string
  logger: Logger
}

/** What belongs to no service alone: the front door, the messaging center's files and the probes, over all of them. */
export async function buildOwnRoutes({
  able,
  measured,
  site,
  logger
}: OwnRoutesOptions): Promise<ServiceInstance> {
  const app = createService({ name: 'standalone', logger })
  app.get('/', async ({ headers }, reply) => {
    reply.header('vary', 'accept')
    if (headers.accept?.includes('text/html')) return reply.redirect('/messaging/')
    return { name: 'Parley', messaging: '/messaging/', api: '/messaging/api/', docs: '/messaging/api/docs/' }
  })
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const readiness = combine(await Promise.all(able.map((one) => one.readiness())))
    return reply
      .code(readiness.status === 'ok' ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(readiness)
  })
  app.get('/metrics', async (_request, reply) =>
    reply
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(await renderMetrics(measured.map((one) => one.metrics)))
  )
  await app.register(siteRoutes, { site })
  await app.ready()
  return app
}

const statuses = ['ok', 'unavailable', 'draining'] as const
const results = ['ok', 'degraded', 'failed'] as const

/** The worst of each. */
function combine(reports: readonly Readiness[]): Readiness {
  const checks: Readiness['checks'] = {}
  for (const report of reports)
    for (const [name, result] of Object.entries(report.checks))
      checks[name] = worst(results, [result, checks[name] ?? 'ok'])
  return {
    status: worst(
      statuses,
      reports.map(({ status }) => status)
    ),
    checks
  }
}

function worst<const T extends string>(order: readonly [T, ...T[]], values: readonly T[]): T {
  return order[Math.max(0, ...values.map((value) => order.indexOf(value)))] ?? order[0]
}
