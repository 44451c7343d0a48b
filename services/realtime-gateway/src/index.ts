/**
 * The realtime gateway as a library: what a process of its own, or one that holds all services, is made of. It owns sockets and
 * rooms, and no truth.
 *
 * @example
 * const app = await buildApp({ config, bus, api: createHttpConversationApi({ urls, secret }), logger })
 * await app.listen({ port: config.PORT, host: config.HOST })
 */
export { createHttpConversationApi, type HttpApiOptions } from './api-client/http-conversation-api.ts'
export { buildApp } from './app.ts'
export { type AppConfig, Config } from './config.ts'
export { defaultTuning, type Tuning } from './tuning.ts'
