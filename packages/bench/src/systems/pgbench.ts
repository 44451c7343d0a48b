import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withClient } from './with-client.ts'

const CLIENTS = 64
const THREADS = 2

const ROOM = `('00000000-0000-7000-8000-' || lpad((:room)::int::text, 12, '0'))::uuid`

// The three writes of a send, in a transaction of their own, on Parley's own tables. No membership or duplicate is looked for.
const script = (rooms: number) => `
\\set room random(1, ${rooms})
begin;
update conversations set last_seq = last_seq + 1, last_message_seq = last_seq + 1, active_at = now()
  where id = ${ROOM} returning last_seq as seq \\gset
insert into messages (conversation_id, seq, id, changed_seq, sender_id, body, client_id, created_at)
  values (${ROOM}, :seq, uuidv7(), :seq, ${ROOM}, repeat('x', 200), gen_random_uuid()::text, now());
insert into outbox (slot, conversation_id, seq, kind, at)
  values (outbox_slot(now()), ${ROOM}, :seq, 'message.created', now());
commit;
`

export interface PgbenchReport {
  sends_per_second: number
  latency_ms: number[]
}

/** Does the writes of a send one by one, many clients at once. */
export async function runPgbench(
  databaseUrl: string,
  { rooms, seconds }: { rooms: number; seconds: number }
): Promise<PgbenchReport> {
  await makeRooms(databaseUrl, rooms)
  const dir = await mkdtemp(join(tmpdir(), 'parley-pgbench-'))
  try {
    await writeFile(join(dir, 'send.sql'), script(rooms))
    await pgbench(dir, databaseUrl, seconds)
    const latency_ms = await readLogs(dir)
    return { sends_per_second: latency_ms.length / seconds, latency_ms }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function makeRooms(databaseUrl: string, rooms: number): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    await client.query(
      `insert into users (id, username, display_name, password_hash)
       values ('00000000-0000-7000-8000-000000000000', 'pgbench', 'pgbench', '-') on conflict do nothing`
    )
    await client.query(
      `insert into conversations (id, kind, created_by, created_at, active_at)
       select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'group',
         '00000000-0000-7000-8000-000000000000', now(), now()
       from generate_series(1, $1::int) as n on conflict do nothing`,
      [rooms]
    )
    await client.query('vacuum analyze')
  })
}

async function pgbench(cwd: string, databaseUrl: string, seconds: number): Promise<void> {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl)
  const args = ['-n', '-M', 'prepared', '-c', CLIENTS, '-j', THREADS, '-T', Math.ceil(seconds), '-l']
  const child = spawn('pgbench', [...args.map(String), '-f', 'send.sql', pathname.slice(1)], {
    cwd,
    env: { ...process.env, PGHOST: hostname, PGPORT: port, PGUSER: username, PGPASSWORD: password },
    stdio: ['ignore', 'ignore', 'pipe']
  })
  const errors: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`pgbench ended with ${code}: ${Buffer.concat(errors).toString()}`)
}

/** A line a transaction: client, number, microseconds, … */
async function readLogs(dir: string): Promise<number[]> {
  const latency_ms: number[] = []
  for (const name of await readdir(dir)) {
    if (!name.startsWith('pgbench_log.')) continue
    for (const line of (await readFile(join(dir, name), 'utf8')).split('\n')) {
      const micros = Number(line.split(' ')[2])
      if (micros > 0) latency_ms.push(micros / 1_000)
    }
  }
  return latency_ms
}
