import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, testDatabase } from '@parley/testing'
import pg from 'pg'
import type { Standalone } from '../src/index.ts'
import { temporaryFolder, testStandalone } from './standalone-fixture.ts'

export interface LoggedParley extends Standalone {
  /** Everything it has logged so far. */
  logs(): Promise<string>
}

export interface SecuredParley extends LoggedParley {
  /** The superuser's. */
  readonly databaseUrl: string
  readonly database: pg.Client
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
  const defaults = { DATABASE_URL: databaseUrl, RATE_LIMITS: 'off', TRUST_PROXY: 'loopback' }
  const parley = await embeddedParley(t, { ...defaults, ...env })
  const database = new pg.Client({ connectionString: databaseUrl })
  await database.connect()
  t.teardown(() => database.end())
  return { ...parley, databaseUrl, database }
}

/** One as `npm start` starts it, with its log. */
export async function embeddedParley(t: TestContext, env: Record<string, string>): Promise<LoggedParley> {
  const dataDir = await temporaryFolder(t)
  const log = join(dataDir, 'log')
  const parley = await testStandalone(t, {
    dataDir,
    env,
    command: ['sh', '-c', 'exec "$0" packages/standalone/src/main.ts 2>"$1"', process.execPath, log]
  })
  return { ...parley, logs: () => readFile(log, 'utf8') }
}
