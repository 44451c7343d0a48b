import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@parley/local-servers'
import { type Life, Part, type StackProcess, type Variation } from './part.ts'
import { makeSecrets, type Secrets } from './secrets.ts'
import { databaseUrl, startBroker, startDatabase, startGate } from './servers.ts'
import { runScript, type ServiceEnv, startService } from './service-process.ts'
import { type DatabasePlace, type Standby, addStandby } from './standby.ts'

export type { StackProcess, Variation } from './part.ts'
export type { Standby } from './standby.ts'

export interface StackOptions {
  /** How many of each service; 1 by default. */
  api?: number
  gateway?: number
  notifier?: number
  /** The public port, nginx's; a free one by default. */
  port?: number
  /** Variables for every service, such as `LOG_LEVEL` or `RATE_LIMITS`. */
  env?: ServiceEnv
  /** Every line a process writes. */
  log?: (name: string, line: string) => void
  /**
   * The port that a service dials to reach another part, for links that are to be spoilt on the way; `link.port` by default.
   * Asked once for every pair: `api-1` → `postgres`, `api-1` → `nats`, `gateway-2` → `api-1` (its internal port), …
   */
  route?: (link: Link) => Promise<number>
  /** An empty folder for all that is kept, which stays; a temporary one by default. */
  dir?: string
  /** A process ended that nobody stopped. It is not started again. */
  died?: (name: string, how: string) => void
}

export interface BrokerUrls {
  api: string
  gateway: string
  notifier: string
}

/** Who dials whom. */
export interface Link {
  from: string
  to: string
  /** Where `to` listens. */
  port: number
}

export interface Stack {
  /** Where nginx listens. */
  readonly url: string
  /** In the order they were started; `postgres`, `nats`, `api-1`, …, `notifier-1`, …, `gateway-1`, …, `nginx`. */
  readonly processes: readonly StackProcess[]
  /** The database as its owner sees it, for checks against the ground truth. After a failover it is at another place. */
  readonly databaseUrl: string
  readonly databasePort: number
  /** The folder of all that is kept: `postgres`, `nats` (JetStream's store) and so on. */
  readonly dir: string
  /** The broker, as each service's user; not through {@link StackOptions.route}. */
  readonly brokerUrls: BrokerUrls
  /** Whether a process of this name is there, be it that it does nothing. */
  runs(name: string): boolean
  /** Starts a process again, on the port it had; stops it first where it runs. Only a service can be varied. */
  restart(name: string, variation?: Variation): Promise<void>
  /** Resolves when a process has ended that was made to end by itself. */
  ends(name: string): Promise<void>
  /** Stops the database for a moment to copy it, and gives it a synchronous standby, which can take its place. */
  addStandby(): Promise<Standby>
  /** Sends a signal (`SIGKILL` by default) and, if it is one that ends, waits for the end. */
  kill(name: string, signal?: NodeJS.Signals): Promise<void>
  /** Stops everything, what was started last first, and removes its data. */
  stop(): Promise<void>
}

/**
 * Starts the distributed topology as plain processes on loopback, on an empty database, and resolves when every part is ready.
 *
 * @example
 * const stack = await startStack({ api: 2, gateway: 2, notifier: 2 })
 * await stack.kill('gateway-1')
 * await stack.restart('gateway-1')
 * await stack.stop()
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'parley-stack-')))
  const plan = await makePlan(dir, options)
  const { database, broker, apis, notifiers, gateways, gate } = plan
  const parts = [database, broker, ...apis, ...notifiers, ...gateways, gate]
  const stop = async () => {
    // nginx waits for its connections, and those end with the gateways.
    for (const group of [[gate, ...gateways], notifiers, apis])
      await Promise.all(group.map((part) => part.stop()))
    await broker.stop()
    await database.stop()
    if (options.dir === undefined) await rm(dir, { recursive: true, force: true })
  }
  try {
    await startAll([database, broker])
    await plan.migrate()
    await startAll([...apis, ...notifiers])
    await startAll(gateways)
    await gate.start()
  } catch (error) {
    await stop()
    throw error
  }
  const find = (name: string) => {
    const part = parts.find((one) => one.name === name)
    if (!part) throw new Error(`there is no ${name} in this stack`)
    return part
  }
  return {
    url: `http://127.0.0.1:${gate.port}`,
    processes: parts,
    get databaseUrl() {
      return plan.ownerUrl()
    },
    get databasePort() {
      return plan.place.port
    },
    dir,
    brokerUrls: plan.brokerUrls,
    runs: (name) => find(name).runs,
    async restart(name, variation) {
      const part = find(name)
      await part.stop()
      await part.start(variation)
    },
    ends: (name) => find(name).ends(),
    addStandby: () => addStandby(database, plan.place),
    kill: (name, signal = 'SIGKILL') => find(name).signal(signal),
    stop
  }
}

interface Plan {
  database: Part
  broker: Part
  apis: Part[]
  notifiers: Part[]
  gateways: Part[]
  gate: Part
  place: DatabasePlace
  ownerUrl(): string
  brokerUrls: BrokerUrls
  migrate(): Promise<void>
}

async function makePlan(dir: string, options: StackOptions): Promise<Plan> {
  const { api = 1, gateway = 1, notifier = 1, log = () => {}, died = () => {} } = options
  const secrets = makeSecrets()
  type Begin = (log: (line: string) => void, variation: Variation) => Promise<Life>
  const part = (name: string, port: number, begin: Begin) =>
    new Part(
      name,
      port,
      (variation) => begin((line) => log(name, line), variation),
      ({ code, signal }) => died(name, signal ?? `exit code ${code}`)
    )
  const ports = {
    postgres: await freePort(),
    nats: await freePort(),
    gate: options.port || (await freePort())
  }
  const internal = await freePorts(api)
  const env = serviceEnvs(dir, secrets, ports, internal, options)
  type EnvOf = (name: string, n: number) => Promise<ServiceEnv>
  const make = async (short: string, service: string, count: number, envOf: EnvOf) =>
    Promise.all(
      (await freePorts(count)).map(async (port, n) => {
        const name = `${short}-${n + 1}`
        const own = { ...(await envOf(name, n)), PORT: String(port) }
        return part(name, port, (write, variation) => startService(service, port, own, write, variation))
      })
    )
  const apis = await make('api', 'conversation-api', api, env.api)
  const notifiers = await make('notifier', 'notifier', notifier, env.notifier)
  const gateways = await make('gateway', 'realtime-gateway', gateway, env.gateway)
  const upstreams = { api: portsOf(apis), gateway: portsOf(gateways) }
  const place: DatabasePlace = { dataDir: join(dir, 'postgres'), port: ports.postgres }
  const ownerUrl = () => databaseUrl(place.port, 'parley_owner', secrets.databaseOwner)
  return {
    database: part('postgres', ports.postgres, (write) =>
      startDatabase(place.dataDir, place.port, secrets, write)
    ),
    broker: part('nats', ports.nats, (write) => startBroker(dir, ports.nats, secrets, write)),
    apis,
    notifiers,
    gateways,
    gate: part('nginx', ports.gate, (write) => startGate(dir, ports.gate, upstreams, write)),
    place,
    ownerUrl,
    brokerUrls: brokerUrls(ports.nats, secrets),
    migrate: () =>
      runScript('services/conversation-api/src/migrate.ts', { DATABASE_URL: ownerUrl() }, (line) =>
        log('migrate', line)
      )
  }
}

function serviceEnvs(
  dir: string,
  secrets: Secrets,
  ports: { postgres: number; nats: number; gate: number },
  internal: readonly number[],
  { env: given = {}, route = async ({ port }) => port }: StackOptions
) {
  const nats = async (from: string, user: keyof BrokerUrls) =>
    brokerUrls(await route({ from, to: 'nats', port: ports.nats }), secrets)[user]
  const common = { HOST: '127.0.0.1', LOG_LEVEL: 'warn', ...given }
  const front = {
    ...common,
    INTERNAL_SECRET: secrets.internal,
    TRUST_PROXY: '127.0.0.1',
    ALLOWED_ORIGINS: ['127.0.0.1', 'localhost', '[::1]']
      .map((host) => `http://${host}:${ports.gate}`)
      .join(','),
    PUBLIC_URL: `http://127.0.0.1:${ports.gate}`
  }
  return {
    api: async (from: string, n: number): Promise<ServiceEnv> => {
      const port = await route({ from, to: 'postgres', port: ports.postgres })
      return {
        ...front,
        DATABASE_URL: databaseUrl(port, 'parley_api', secrets.databaseApi),
        NATS_URL: await nats(from, 'api'),
        INTERNAL_HOST: '127.0.0.1',
        INTERNAL_PORT: String(internal[n]),
        ATTACHMENTS_DIR: join(dir, 'attachments')
      }
    },
    gateway: async (from: string): Promise<ServiceEnv> => {
      const apis = await Promise.all(internal.map((port, n) => route({ from, to: `api-${n + 1}`, port })))
      return {
        ...front,
        NATS_URL: await nats(from, 'gateway'),
        API_URLS: apis.map((port) => `http://127.0.0.1:${port}`).join(',')
      }
    },
    notifier: async (from: string): Promise<ServiceEnv> => ({
      ...common,
      NATS_URL: await nats(from, 'notifier'),
      INTERNAL_SECRET: secrets.internal,
      API_URLS: internal.map((port) => `http://127.0.0.1:${port}`).join(',')
    })
  }
}

function brokerUrls(port: number, secrets: Secrets): BrokerUrls {
  const url = (user: string, password: string) => `nats://${user}:${password}@127.0.0.1:${port}`
  return {
    api: url('api', secrets.natsApi),
    gateway: url('gateway', secrets.natsGateway),
    notifier: url('notifier', secrets.natsNotifier)
  }
}

function portsOf(parts: readonly Part[]): number[] {
  return parts.map(({ port }) => port)
}

async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = []
  while (ports.length < count) ports.push(await freePort())
  return ports
}

/** Waits for all, also after one failed: what is half started must be there to be stopped. */
async function startAll(parts: readonly Part[]): Promise<void> {
  const results = await Promise.allSettled(parts.map((part) => part.start()))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}
