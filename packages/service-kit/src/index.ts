/**
 * What every Parley service stands on: configuration, logging, an HTTP server that answers failures as problem+json, health,
 * metrics and a process that stops in order. Times are milliseconds; expected failures are contracts' `ProblemError`s.
 *
 * @example
 * const app = createService({ name: 'notifier', logger })
 * app.register(healthPlugin, { checks: { bus: { required: true, check: () => bus.ping() } } })
 * app.register(metricsPlugin)
 * await app.listen({ host: config.HOST, port: config.PORT })
 */
export * from './browser-access.ts'
export * from './bus-metrics.ts'
export * from './client-error.ts'
export * from './config.ts'
export * from './config-fields.ts'
export * from './cross-origin.ts'
export * from './health-plugin.ts'
export * from './logger.ts'
export * from './metrics-plugin.ts'
export * from './problems-plugin.ts'
export * from './run-service.ts'
export * from './service.ts'
export * from './tracing/tracing.ts'
