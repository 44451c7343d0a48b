import { join } from 'node:path'
import { type PostgresServer, startNatsServer, startNginx, startPostgres } from '@parley/local-servers'
import { buildMessagingCenter } from '@parley/messaging-center'
import { Client, escapeLiteral } from 'pg'
import type { Life } from './part.ts'
import type { Secrets } from './secrets.ts'
import { fillTemplate } from './template.ts'

export type Log = (line: string) => void

const DATABASE = 'parley'

export const databaseSettings = { max_connections: 200 }

/** PostgreSQL on `port`; its first start in `dataDir` makes the database and the roles of infra/postgres. */
export async function startDatabase(
  dataDir: string,
  port: number,
  secrets: Secrets,
  log: Log
): Promise<PostgresServer> {
  const server = await startPostgres({ dataDir, port, log, settings: databaseSettings })
  try {
    await ensureRoles(server.url, secrets)
    return server
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function ensureRoles(superuserUrl: string, secrets: Secrets): Promise<void> {
  const made = await query(superuserUrl, `select from pg_roles where rolname = 'parley_api'`)
  if (made) return
  await query(superuserUrl, `create database ${DATABASE}`)
  const script = fillTemplate('postgres/roles.sql', {})
    .replaceAll(":'OWNER_PASSWORD'", escapeLiteral(secrets.databaseOwner))
    .replaceAll(":'API_PASSWORD'", escapeLiteral(secrets.databaseApi))
  await query(withDatabase(superuserUrl, DATABASE), script)
}

/** How many rows the (last) statement gave. */
export async function query(url: string, sql: string): Promise<number> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rowCount ?? 0
  } finally {
    await client.end()
  }
}

function withDatabase(url: string, database: string): string {
  const target = new URL(url)
  target.pathname = `/${database}`
  return target.href
}

/** Where a role finds Parley's database. */
export function databaseUrl(port: number, role: string, password: string): string {
  return `postgres://${role}:${password}@127.0.0.1:${port}/${DATABASE}`
}

/** nats-server with the users of infra/nats; the passwords are variables of its configuration. */
export async function startBroker(dir: string, port: number, secrets: Secrets, log: Log): Promise<Life> {
  const variables = [
    ['NATS_API_PASSWORD', secrets.natsApi],
    ['NATS_GATEWAY_PASSWORD', secrets.natsGateway],
    ['NATS_NOTIFIER_PASSWORD', secrets.natsNotifier]
  ].map(([name, value]) => `${name}: "${value}"\n`)
  const config = variables.join('') + fillTemplate('nats/users.conf', {})
  return startNatsServer({ storeDir: join(dir, 'nats'), port, config, log })
}

export interface Upstreams {
  api: readonly number[]
  gateway: readonly number[]
}

export async function startGate(dir: string, port: number, upstreams: Upstreams, log: Log): Promise<Life> {
  const config = fillTemplate('nginx/nginx.conf.template', {
    NGINX_LISTEN: `127.0.0.1:${port}`,
    NGINX_WORKERS: '1',
    NGINX_RUN_DIR: '.',
    NGINX_RESOLVER: '',
    NGINX_SITE: await buildMessagingCenter(),
    NGINX_API_SERVERS: serverLines(upstreams.api),
    NGINX_GATEWAY_SERVERS: serverLines(upstreams.gateway)
  })
  return startNginx({ config, prefixDir: join(dir, 'nginx'), port, log })
}

// An instance that was restarted is to be used again at once.
function serverLines(ports: readonly number[]): string {
  return ports.map((port) => `server 127.0.0.1:${port} max_fails=0;`).join(' ')
}
