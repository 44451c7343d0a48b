import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'

const FOLDER = new URL('../../migrations/', import.meta.url)
/** Any number that is only ever locked for this. */
const MIGRATION_LOCK = 7_290_410

/**
 * Brings a database to the current schema: the files of `migrations/` that it has not seen, in their order, each in a
 * transaction. Instances that start together wait for one another. Returns the names of what was applied; throws where a file
 * was changed after it was applied, and leaves everything as it was where one fails.
 *
 * @example
 * await migrate('postgres://owner@localhost/parley') // ['0001_core.sql', …]
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    await client.query(`create table if not exists schema_migrations (
      name text primary key, checksum text not null, applied_at timestamptz not null default now()
    )`)
    const { rows } = await client.query<{ name: string; checksum: string }>('select name, checksum from schema_migrations')
    const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]))
    const fresh: string[] = []
    for (const name of await migrationNames()) if (await apply(client, name, applied.get(name))) fresh.push(name)
    return fresh
  } finally {
    await client.end()
  }
}

async function migrationNames(): Promise<string[]> {
  return (await readdir(FOLDER)).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).toSorted()
}

async function apply(client: pg.Client, name: string, applied: string | undefined): Promise<boolean> {
  const text = await readFile(new URL(name, FOLDER), 'utf8')
  const checksum = createHash('sha256').update(text).digest('hex')
  if (applied === checksum) return false
  if (applied !== undefined) throw new Error(`migration ${name} was changed after it was applied`)
  await client.query('begin')
  try {
    await client.query(text)
    await client.query('insert into schema_migrations (name, checksum) values ($1, $2)', [name, checksum])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`migration ${name} failed`, { cause: error })
  }
  return true
}
