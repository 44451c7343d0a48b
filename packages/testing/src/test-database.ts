import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import type { TestContext } from './test-context.ts'
import { testPostgresUrl } from './test-postgres.ts'

export interface TestDatabaseOptions {
  /** Names the migrated template: the same name, the same schema. {@link hashOfFolder} of the migrations makes one. */
  templateName: string
  /** Brings an empty database to the schema under test. Called once per template, and has to close its connections. */
  migrate: (url: string) => Promise<void>
}

export interface TestDatabase {
  /** The superuser's. */
  url: string
  name: string
}

/**
 * A database of one's own, cloned from a migrated template on the run's shared PostgreSQL, dropped when the test is done (with
 * whatever is still connected to it).
 *
 * @example
 * const { url } = await testDatabase(t, { templateName: await hashOfFolder(migrationsFolder), migrate })
 */
export async function testDatabase(t: TestContext, options: TestDatabaseOptions): Promise<TestDatabase> {
  const server = await testPostgresUrl()
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const template = `template_${createHash('sha256').update(options.templateName).digest('hex').slice(0, 32)}`
  await withClient(server, async (client) => {
    await ensureTemplate(client, server, template, options.migrate)
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`)
  })
  t.teardown(() =>
    withClient(server, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
  )
  return { url: onDatabase(server, name), name }
}

/** A name for what the files directly in `folder` say: it changes with any name or byte of theirs. */
export async function hashOfFolder(folder: string | URL): Promise<string> {
  const path = folder instanceof URL ? fileURLToPath(folder) : folder
  const hash = createHash('sha256')
  for (const name of (await readdir(path)).toSorted()) {
    const bytes = await readFile(join(path, name))
    hash.update(`${name}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}

/** Test files run in several processes: whoever holds the lock makes the template, the others find it made. */
async function ensureTemplate(
  client: Client,
  server: string,
  template: string,
  migrate: (url: string) => Promise<void>
): Promise<void> {
  await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [template])
  try {
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1 AND datistemplate', [
      template
    ])
    if (found.rowCount) return
    // Not marked as a template: its maker was killed half-way.
    await client.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`)
    await client.query(`CREATE DATABASE ${template}`)
    await migrate(onDatabase(server, template))
    await client.query(`ALTER DATABASE ${template} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`)
  } finally {
    await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [template])
  }
}

function onDatabase(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
