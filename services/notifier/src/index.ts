/**
 * The notifier: carries domain events from JetStream to the gateways' rooms. It holds no truth and may be stopped at any moment.
 *
 * @example
 * const app = await buildApp({ bus, logger })
 * await app.ready() // consumes from now on
 */
export { buildApp } from './app.ts'
export { Config } from './config.ts'
