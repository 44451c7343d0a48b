import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { DatabaseUrl, loadConfig } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import pg from 'pg'

/** The SQL files that make the schema, `NNNN_what.sql`, applied in order. */
export const migrationsFolder = new URL('../migrations/', import.meta.url)

/** Any number that is only ever locked for this. */
const MIGRATION_LOCK = 7_290_410

interface Migration {
  name: string
  sql: string
  checksum: string
}

/**
 * Brings the database to this version's schema: each file once, in a transaction of its own, one migrator at a time. Returns
 * what it applied. Rejects, with nothing done, where an applied file was changed or a new one comes before it.
 *
 * @example
 * await migrate('postgres://parley@127.0.0.1/parley')
 */
export async function migrate(databaseUrl: string, folder: URL = migrationsFolder): Promise<string[]> {
  const migrations = await readMigrations(folder)
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    const pending = await findPending(client, migrations)
    for (const migration of pending) await apply(client, migration)
    return pending.map(({ name }) => name)
  } finally {
    // Ending the connection frees the lock.
    await client.end()
  }
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
  )
}

async function findPending(client: pg.Client, migrations: Migration[]): Promise<Migration[]> {
  await client.query(`create table if not exists schema_migrations (
    name text primary key, checksum text not null, applied_at timestamptz not null default now())`)
  const { rows } = await client.query<Pick<Migration, 'name' | 'checksum'>>(
    'select name, checksum from schema_migrations'
  )
  const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]))
  const newest = [...applied.keys()].sort().at(-1) ?? ''
  return migrations.filter(({ name, checksum }) => {
    const known = applied.get(name)
    if (known === undefined && name < newest)
      throw new Error(`${name} comes before ${newest}, which is applied`)
    if (known !== undefined && known !== checksum) throw new Error(`${name} was changed after it was applied`)
    return known === undefined
  })
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('begin')
    await client.query(sql)
    await client.query('insert into schema_migrations (name, checksum) values ($1, $2)', [name, checksum])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`${name} failed`, { cause: error })
  }
}

if (import.meta.main) {
  const { DATABASE_URL } = loadConfig(Type.Object({ DATABASE_URL: DatabaseUrl }), process.env)
  for (const name of await migrate(DATABASE_URL)) process.stdout.write(`${name}\n`)
}
