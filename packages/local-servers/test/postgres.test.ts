import { chownSync, symlinkSync } from 'node:fs'
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import t, { type Test } from 'tap'
import { type PostgresServer, startPostgres, superuserUrl } from '../src/index.ts'
import { findCommand } from '../src/find-command.ts'
import { hold, isGone, isRunning } from './hold.ts'

const NOBODY = 65534
const isRoot = process.getuid?.() === 0

async function temporaryFolder(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-postgres-test-'))
  t.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

async function start(t: Test, dataDir: string): Promise<PostgresServer> {
  const server = await startPostgres({ dataDir })
  t.equal(await superuserUrl(dataDir, server.port), server.url)
  t.teardown(() => server.stop())
  return server
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql)
    return rows.flatMap(Object.values)
  } finally {
    await client.end()
  }
}

async function createNumbers(url: string): Promise<void> {
  await query(url, 'CREATE TABLE numbers (n int)')
  await query(url, 'INSERT INTO numbers VALUES (1)')
}

/** A connection in the middle of a transaction, which its server may break off. */
async function openTransaction(t: Test, url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  t.teardown(() => client.end().catch(() => undefined))
  await client.connect()
  await client.query('BEGIN; INSERT INTO numbers VALUES (99)')
}

t.test('starts, stops, starts again', async (t) => {
  const dataDir = join(await temporaryFolder(t), 'new', 'postgres')
  const lines: string[] = []
  const first = await startPostgres({
    dataDir,
    settings: { max_connections: 23 },
    log: (line) => lines.push(line)
  })
  t.teardown(() => first.stop())
  t.same(await query(first.url, 'SHOW max_connections'), ['23'])
  t.same(
    await query(
      first.url,
      `SELECT current_setting('server_version_num')::int >= 180000, pg_encoding_to_char(encoding), datlocprovider FROM pg_database WHERE datname = 'postgres'`
    ),
    [true, 'UTF8', 'b']
  )
  t.same(await query(first.url, 'SHOW unix_socket_directories'), [''])
  t.match(lines.join('\n'), /ready to accept connections/)

  const { password } = new URL(first.url)
  await t.rejects(query(first.url.replace(password, 'wrong'), 'SELECT 1'), { code: '28P01' })
  for (const name of ['password', 'cluster'])
    t.equal((await stat(join(dataDir, name))).mode & 0o077, 0, `${name} is its owner's alone`)

  await t.rejects(startPostgres({ dataDir }), { message: /is in use by another running process/ })
  await createNumbers(first.url)
  await openTransaction(t, first.url)
  await first.stop()
  t.same(await first.exited, { code: 0, signal: null })

  const second = await start(t, dataDir)
  t.same(await query(second.url, 'SELECT n FROM numbers'), [1])
  await t.rejects(startPostgres({ dataDir: join(dataDir, 'other'), port: second.port }), {
    message: /did not start on port \d+:[^]*Address already in use/
  })
})

t.test('comes back after kill -9', async (t) => {
  const dataDir = await temporaryFolder(t)
  const first = await startPostgres({ dataDir })
  await createNumbers(first.url)
  await openTransaction(t, first.url)
  first.kill()
  t.match(await first.exited, { signal: 'SIGKILL' })
  // Its pid file now names a process that is none of PostgreSQL's.
  const file = join(dataDir, 'cluster', 'postmaster.pid')
  await writeFile(file, `${process.pid}\n`)
  const second = await start(t, dataDir)
  t.same(await query(second.url, 'SELECT n FROM numbers'), [1])
})

t.test('ends with a parent that is killed, and the next start waits for it', async (t) => {
  const dataDir = await temporaryFolder(t)
  const held = await hold(['postgres', dataDir])
  await createNumbers(held.url)
  await openTransaction(t, held.url)
  await t.rejects(startPostgres({ dataDir }), { message: /is in use/ })
  await held.killParent()
  const next = await start(t, dataDir)
  t.notOk(isRunning(held.pid), 'no orphan')
  t.same(await query(next.url, 'SELECT n FROM numbers'), [1])
})

t.test('as an ordinary user', { skip: !isRoot && 'every other test runs as one' }, async (t) => {
  const dataDir = await temporaryFolder(t)
  chownSync(dataDir, NOBODY, NOBODY)
  const held = await hold(['postgres', dataDir], { uid: NOBODY, gid: NOBODY })
  t.same(await query(held.url, 'SELECT 1'), [1])
  await held.killParent()
  t.ok(await isGone(held.pid), 'no orphan')
  const asRoot = await start(t, dataDir)
  t.same(await query(asRoot.url, 'SELECT 1'), [1], 'root serves it as its owner')
  t.equal((await stat(join(dataDir, 'cluster', 'postmaster.pid'))).uid, NOBODY)
})

t.test(
  'without user namespaces and death signals',
  { skip: !isRoot && 'only root needs them' },
  async (t) => {
    const folder = await temporaryFolder(t)
    const dataDir = join(folder, 'data')
    const bin = join(folder, 'bin')
    await Promise.all([mkdir(dataDir), mkdir(bin)])
    symlinkSync(findCommand('true') ?? '', join(bin, 'true'))
    chownSync(folder, NOBODY, NOBODY)
    const held = await hold(['postgres', dataDir], { path: bin })
    await createNumbers(held.url)
    t.equal((await stat(dataDir)).uid, NOBODY)
    await openTransaction(t, held.url)
    await held.killParent()
    t.ok(isRunning(held.pid), 'left behind')
    const next = await start(t, dataDir)
    t.notOk(isRunning(held.pid), 'stopped by the next start')
    t.same(await query(next.url, 'SELECT n FROM numbers'), [1])
  }
)
