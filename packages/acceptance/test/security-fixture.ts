import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, testDatabase } from '@parley/testing'
import pg from 'pg'
import type { Standalone } from '../src/index.ts'
import { temporaryFolder, testStandalone } from './standalone-fixture.ts'

export interface SecuredParley extends Standalone {
  /** The superuser's. */
  readonly databaseUrl: string
  readonly database: pg.Client
  /** Everything it has logged so far. */
  logs(): Promise<string>
}

/**
 * A standalone Parley whose database and logs the test can look into. Rates are not limited and `X-Forwarded-For` is believed,
 * unless `env` says otherwise.
 */
export async function securedParley(
  t: TestContext,
  env: Record<string, string> = {}
): Promise<SecuredParley> {
  const { url: databaseUrl } = await testDatabase(t, { templateName: 'empty', migrate: async () => {} })
  const dataDir = await temporaryFolder(t)
  const log = join(dataDir, 'log')
  const parley = await testStandalone(t, {
    dataDir,
    env: { DATABASE_URL: databaseUrl, RATE_LIMITS: 'off', TRUST_PROXY: 'loopback', ...env },
    command: ['sh', '-c', 'exec "$0" packages/standalone/src/main.ts 2>"$1"', process.execPath, log]
  })
  const database = new pg.Client({ connectionString: databaseUrl })
  await database.connect()
  t.teardown(() => database.end())
  return { ...parley, databaseUrl, database, logs: () => readFile(log, 'utf8') }
}
