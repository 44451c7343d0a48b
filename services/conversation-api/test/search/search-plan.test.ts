import { randomUUIDv7 } from 'node:crypto'
import { Kysely, PostgresDialect } from 'kysely'
import t from 'tap'
import type { Database } from '../../src/database/database.ts'
import { searchMessages } from '../../src/search/search-store.ts'
import { core } from '../core-harness.ts'

const CONVERSATIONS = 10_000
const EACH = 4

t.test('no search reads a table from end to end', async (t) => {
  const { pool, person } = await core(t)
  const ann = await person('ann')
  const bob = await person('bob')
  await fill(pool, ann.id, bob.id)
  const statements: { sql: string; parameters: readonly unknown[] }[] = []
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    log: ({ query }) => void statements.push(query)
  })
  const { rows } = await pool.query<{ id: string }>('select id from conversations limit 1')
  const searches = {
    'a rare word': { q: 'word777' },
    'a common word': { q: 'common' },
    'part of a word': { q: 'ord77' },
    'a misspelt word': { q: 'comon word777' },
    'in one conversation': { q: 'common', conversation_id: rows[0]?.id ?? '' },
    'of one sender': { q: 'word777', sender_id: bob.id },
    'before a time': { q: 'common', before: new Date().toISOString() },
    'a phrase': { q: '"common word777"' }
  }
  for (const [name, search] of Object.entries(searches)) {
    statements.length = 0
    const settings = { language: 'simple', trigrams: true }
    await searchMessages(db, settings, { ...search, user_id: ann.id, limit: 20 })
    t.equal(statements.length, 1, `${name}: one statement`)
    const plan = await explain(pool, statements[0])
    t.strictSame(plan.match(/Seq Scan on (?!users).*/g), null, name)
  }
})

type Pool = Awaited<ReturnType<typeof core>>['pool']

/** Two people, of whom the first is in every hundredth conversation. */
async function fill(pool: Pool, ann: string, bob: string): Promise<void> {
  const ids = Array.from({ length: CONVERSATIONS }, () => randomUUIDv7())
  await pool.query(
    `insert into conversations (id, kind, created_by, created_at, active_at) select id, 'group', $2, now(), now() from unnest($1::uuid[]) id`,
    [ids, bob]
  )
  await pool.query(
    `insert into members (conversation_id, user_id, role, joined_seq, changed_seq)
     select id, who, 'member', seq, seq from unnest($1::uuid[]) with ordinality as c (id, n), (values ($2::uuid, 1), ($3::uuid, 2)) m (who, seq)
     where who = $3::uuid or n % 100 = 1`,
    [ids, ann, bob]
  )
  const message_ids = Array.from({ length: CONVERSATIONS * EACH }, () => randomUUIDv7())
  await pool.query(
    `insert into messages (id, conversation_id, seq, changed_seq, sender_id, body, created_at)
     select id, ($2::uuid[])[1 + n % ${CONVERSATIONS}], n, n, case when n % 3 = 0 then $3::uuid else $4::uuid end,
       'common word' || n % 2000 || ' and word' || n % 1999, now() - n * interval '1 second'
     from unnest($1::uuid[]) with ordinality as m (id, n)`,
    [message_ids, ids, ann, bob]
  )
  await pool.query(
    `insert into message_search (message_id, conversation_id, sender_id, created_at, language, body, document)
     select id, conversation_id, sender_id, created_at, 'simple', body, to_tsvector('simple', body) from messages`
  )
  await pool.query(
    `insert into reactions (message_id, user_id, emoji, created_at) select id, sender_id, '+1', now() from messages limit 5000`
  )
  // What few messages have is looked up for each hit: on an empty table any plan would do.
  await pool.query(
    `insert into attachments (id, file_id, uploader_id, conversation_id, message_id, name, type, size, stored)
     select id, id, sender_id, conversation_id, id, 'a.pdf', 'application/pdf', 1, true from messages limit 5000`
  )
  await pool.query(
    `insert into threads (root_id, conversation_id, reply_count, last_reply_seq, changed_seq)
     select id, conversation_id, 1, seq, seq from messages limit 5000`
  )
  await pool.query('vacuum analyze')
}

async function explain(
  pool: Pool,
  statement: { sql: string; parameters: readonly unknown[] } | undefined
): Promise<string> {
  const { rows } = await pool.query<{ 'QUERY PLAN': string }>({
    text: `explain ${statement?.sql}`,
    values: [...(statement?.parameters ?? [])]
  })
  return rows.map((row) => row['QUERY PLAN']).join('\n')
}
