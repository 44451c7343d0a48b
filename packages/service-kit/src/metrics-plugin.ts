import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { AggregatorRegistry, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

declare module 'fastify' {
  interface FastifyInstance {
    /** This service's own metrics; give it to prom-client as `registers: [app.metrics]`. */
    metrics: Registry
  }
}

/**
 * `GET /metrics` in Prometheus' text form, with the process's own metrics and a histogram of requests by route pattern.
 *
 * @example
 * app.register(metricsPlugin)
 */
export const metricsPlugin = fp(
  async (app: FastifyInstance) => {
    const metrics = new Registry()
    metrics.setDefaultLabels({ service: app.serviceName })
    app.decorate('metrics', metrics)
    const duration = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from a request to the end of its reply, by route',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers: [metrics]
    })
    app.addHook('onResponse', async (request, reply) => {
      duration.observe(
        {
          method: request.method,
          route: request.routeOptions.url ?? 'unknown',
          status: reply.statusCode
        },
        reply.elapsedTime / 1000
      )
    })
    app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
      reply.type(metrics.contentType).send(await renderMetrics([metrics]))
    )
  },
  { name: 'metrics' }
)

/** The text of several apps' registries that share this process, and of the process itself once. */
export async function renderMetrics(registries: readonly Registry[]): Promise<string> {
  const all = [processMetrics(), ...registries].map((registry) => registry.getMetricsAsJSON())
  return AggregatorRegistry.aggregate(await Promise.all(all)).metrics()
}

let shared: Registry | undefined

function processMetrics(): Registry {
  if (!shared) {
    shared = new Registry()
    collectDefaultMetrics({ register: shared })
  }
  return shared
}
