/**
 * conversation-api as a library: what a process of its own, or one that holds all services, is made of. Only this service
 * knows Postgres.
 *
 * @example
 * await migrate(config.DATABASE_URL)
 * const { app, internal, api } = await buildApp({ config, bus, logger })
 * await app.listen({ port: config.PORT, host: config.HOST })
 */
export { buildApp, type BuiltApp } from './app.ts'
export { type AppConfig, Config } from './config.ts'
export { migrate } from './migrate.ts'
export { openApiDocument } from './openapi/open-api-document.ts'
