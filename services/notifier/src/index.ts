/**
 * The notifier: carries domain events from JetStream to the gateways' rooms, and out of the house to browsers (Web Push) and webhooks
 * where that is configured. It holds no truth and may be stopped at any moment.
 *
 * @example
 * const app = await buildApp({ bus, logger })
 * await app.ready() // consumes from now on
 */
export { buildApp } from './app.ts'
export { Config, outwardFields, vapidOf } from './config.ts'
