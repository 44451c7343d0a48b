import { existsSync, rmSync } from 'node:fs'
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PostgresServer, startPostgres } from '@parley/local-servers'

/** Where a test run's shared PostgreSQL is: the superuser's URL. */
export const TEST_POSTGRES_VARIABLE = 'PARLEY_TEST_POSTGRES'

/**
 * A PostgreSQL that forgets: in a temporary folder, without fsync, removed by `stop()`. A test run starts one for all its files:
 *
 * @example
 * const postgres = await startTestPostgres()
 * spawn('tap', { env: { ...process.env, [TEST_POSTGRES_VARIABLE]: postgres.url } })
 */
export async function startTestPostgres(): Promise<PostgresServer> {
  await removeLeftovers()
  const folder = await mkdtemp(join(tmpdir(), `parley-test-postgres-${process.pid}-`))
  const server = await startPostgres({
    dataDir: folder,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: 200 }
  })
  return {
    ...server,
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    }
  }
}

let own: Promise<string> | undefined

/** The superuser's URL of this run's server; without one, of a server this process starts and takes along when it ends. */
export function testPostgresUrl(): Promise<string> {
  const shared = process.env[TEST_POSTGRES_VARIABLE]
  if (shared) return Promise.resolve(shared)
  own ??= startOwn()
  return own
}

async function startOwn(): Promise<string> {
  const server = await startTestPostgres()
  server.unref()
  process.once('exit', () => {
    server.kill()
    rmSync(server.dataDir, { recursive: true, force: true, maxRetries: 3 })
  })
  return server.url
}

/** Folders of test processes that were killed. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(/^parley-test-postgres-(\d+)-/.exec(name)?.[1])
    if (!pid || existsSync(`/proc/${pid}`)) continue
    const folder = join(tmpdir(), name)
    const { uid } = await lstat(folder)
    const user = process.getuid?.()
    if (user === 0 || user === uid) await rm(folder, { recursive: true, force: true })
  }
}
