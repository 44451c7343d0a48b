/**
 * What tests stand on: real servers, waiting without sleeping, a plain WebSocket client. Imported by tests only.
 * Times are milliseconds.
 *
 * @example
 * const database = await testDatabase(t, { templateName: await hashOfFolder(migrations), migrate })
 * const nats = await testNats(t)
 * const socket = await openSocket(`${url}/ws/`, { protocol: 'parley.v1', headers: { authorization: `Bearer ${token}` } })
 * await waitUntil(() => received.length === 3, { message: 'three messages' })
 */
export { freePort } from '@parley/local-servers'
export * from './chaos-proxy/index.ts'
export * from './delivery-checker/index.ts'
export { type Frame, openSocket, type SocketOptions, type TestSocket, UpgradeRefused } from './open-socket.ts'
export type { TestContext } from './test-context.ts'
export { hashOfFolder, type TestDatabase, type TestDatabaseOptions, testDatabase } from './test-database.ts'
export { testNats } from './test-nats.ts'
export { startTestPostgres, TEST_POSTGRES_VARIABLE } from './test-postgres.ts'
export { testAuthority, type TlsRequest, type TlsServer, tlsServer } from './tls-server.ts'
export { waitUntil, type WaitOptions } from './wait-until.ts'
