/**
 * Starts the real servers Parley stands on (PostgreSQL, nats-server, nginx) as child processes of this one: on loopback, in a
 * process group of their own (Ctrl-C in a terminal reaches only this process), gone when this process is, however it ends.
 *
 * Times are milliseconds. A server that does not start rejects with an `Error` that holds the end of its output.
 *
 * @example
 * const postgres = await startPostgres({ dataDir: './data/postgres' })
 * const nats = await startNatsServer({ storeDir: './data/nats' })
 * … await Promise.all([nats.stop(), postgres.stop()])
 */
export { type Child, type ChildOptions, type Exit, type ServerHandle, startChild } from './child-process.ts'
export { installDebianPackage } from './debian-package.ts'
export { findCommand } from './find-command.ts'
export { freePort } from './free-port.ts'
export { findNatsServer, type NatsServer, type NatsServerOptions, startNatsServer } from './nats-server.ts'
export { findNginx, type NginxOptions, type NginxServer, startNginx } from './nginx.ts'
export { type PostgresOptions, type PostgresServer, startPostgres } from './postgres.ts'
export { superuserUrl } from './postgres-cluster.ts'
