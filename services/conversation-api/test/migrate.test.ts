import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { testDatabase } from '@parley/testing'
import pg from 'pg'
import t, { type Test } from 'tap'
import { migrate, migrationsFolder } from '../src/migrate.ts'

async function empty(t: Test) {
  const { url } = await testDatabase(t, { templateName: 'empty', migrate: async () => undefined })
  const path = await mkdtemp(join(tmpdir(), 'parley-migrations-'))
  t.teardown(() => rm(path, { recursive: true }))
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  t.teardown(() => client.end())
  const tables = async () =>
    (await client.query(`select tablename from pg_tables where schemaname = 'public' order by 1`)).rows.map(
      ({ tablename }) => tablename
    )
  return { url, path, folder: pathToFileURL(`${path}/`), tables }
}

t.test('the schema is made once, also by many at once', async (t) => {
  const { url, path, folder } = await empty(t)
  const names = (await readdir(migrationsFolder)).sort()
  for (const name of names) await copyFile(new URL(name, migrationsFolder), join(path, name))
  const applied = await Promise.all(Array.from({ length: 4 }, () => migrate(url, folder)))
  t.strictSame(applied.flat(), names)
  t.strictSame(await migrate(url, folder), [])
})

t.test('forward only, each file whole or not at all', async (t) => {
  const { url, path, folder, tables } = await empty(t)
  await writeFile(join(path, '0001_a.sql'), 'create table a (n integer); create table b (n integer);')
  await writeFile(join(path, 'notes.txt'), 'not a migration')
  t.strictSame(await migrate(url, folder), ['0001_a.sql'])

  await writeFile(join(path, '0003_c.sql'), 'create table c (n integer); create table a (n integer);')
  await t.rejects(migrate(url, folder), { message: '0003_c.sql failed', cause: { code: '42P07' } })
  t.strictSame(await tables(), ['a', 'b', 'schema_migrations'])
  await writeFile(join(path, '0003_c.sql'), 'create table c (n integer);')
  t.strictSame(await migrate(url, folder), ['0003_c.sql'])

  await writeFile(join(path, '0002_b.sql'), 'create table d (n integer);')
  await t.rejects(migrate(url, folder), { message: '0002_b.sql comes before 0003_c.sql, which is applied' })
  await rm(join(path, '0002_b.sql'))
  await writeFile(join(path, '0001_a.sql'), 'create table a (n bigint);')
  await writeFile(join(path, '0004_d.sql'), 'create table d (n integer);')
  await t.rejects(migrate(url, folder), { message: '0001_a.sql was changed after it was applied' })
  t.strictSame(await tables(), ['a', 'b', 'c', 'schema_migrations'], 'and nothing was done')
})
