import { randomUUIDv7 } from 'node:crypto'
import type pg from 'pg'

export interface Sizes {
  /** Conversations of one user. */
  conversations: number
  /** Messages of the biggest of them. */
  messages: number
  /** Members of the biggest. */
  members: number
}

export interface LargeDatabase {
  /** Who is in everything. */
  user_id: string
  /** The biggest conversation. */
  conversation_id: string
  /** Its newest thread's root. */
  root_id: string
}

/** One statement a table, with what the application would have written. */
const fillings = (
  { conversations, messages, members }: Sizes,
  ids: { user_id: string; conversation_id: string }
) => [
  // Ids that grow as version 7 does.
  `create function pg_temp.id(kind text, a int, b int) returns uuid language sql immutable as
    $$ select (kind || lpad(to_hex(a), 7, '0') || '-0000-7000-8000-' || lpad(to_hex(b), 12, '0'))::uuid $$`,

  `create temp table sizes as select '${ids.user_id}'::uuid as me, '${ids.conversation_id}'::uuid as big,
    ${conversations} as conversations, ${messages} as messages, ${members} as members`,

  `insert into users (id, username, display_name, password_hash)
    select case n when 1 then me else pg_temp.id('a', 0, n) end, 'user' || n, 'User ' || n, 'none'
    from sizes, generate_series(1, members) n`,

  `create temp table rooms as
    select case n when 1 then big else pg_temp.id('b', 0, n) end as id, n, case n when 1 then messages else 3 end as said,
      case n when 1 then members else 2 end as people, n % 4 = 3 as direct
    from sizes, generate_series(1, conversations) n`,

  // People first, then what they say, then as many edits as one message in a hundred.
  `insert into conversations
      (id, kind, title, direct_key, public, created_by, created_at, last_seq, last_message_seq, active_at, member_count)
    select id, case when direct then 'direct' else 'group' end, case when direct then null else 'Room ' || n end,
      case when direct then id::text end, n % 2 = 0, me, now() - interval '1 day', people + said + said / 100, people + said,
      now() - n * interval '1 second', people
    from sizes, rooms`,

  // Those of other people, whom a list of mine must not wade through.
  `insert into conversations (id, kind, created_by, created_at, active_at)
    select pg_temp.id('d', 0, n), 'group', me, now(), now() from sizes, generate_series(1, 5 * conversations) n`,

  `insert into members (conversation_id, user_id, role, joined_seq, changed_seq, read_seq)
    select r.id, case p when 1 then me else pg_temp.id('a', 0, p) end, case p when 1 then 'owner' else 'member' end, p, p,
      greatest(p, r.people + r.said - 5000)
    from sizes, rooms r, generate_series(1, r.people) p`,

  `insert into members (conversation_id, user_id, role, joined_seq, changed_seq)
    select pg_temp.id('d', 0, n), pg_temp.id('a', 0, 2 + n % (members - 1)), 'owner', 1, 1 from sizes, generate_series(1, 5 * conversations) n`,

  `insert into messages
      (conversation_id, seq, id, changed_seq, sender_id, body, created_at, edited_at, pinned_at, deleted_at, thread_id, client_id, request_hash)
    select r.id, r.people + s, pg_temp.id('c', r.n, s),
      case when s % 100 = 0 then r.people + r.said + s / 100 else r.people + s end,
      case when r.n = 1 and s % 7 = 0 then me else pg_temp.id('a', 0, 2 + s % (r.people - 1)) end,
      case when s % 1000 = 0 then null else 'Message ' || s || ' about nothing in particular' end,
      now() - (r.said - s) * interval '10 milliseconds' - r.n * interval '1 second',
      case when s % 100 = 0 then now() end,
      case when s % greatest(r.said / 99, 1) = 1 and r.n = 1 then now() - (r.said - s) * interval '1 second' end,
      case when s % 1000 = 0 then now() end,
      case when r.n = 1 and s % 10 = 3 then pg_temp.id('c', r.n, s - s % 100 + 1) end,
      r.n || '-' || s, sha256(s::text::bytea)
    from sizes, rooms r, generate_series(1, r.said) s`,

  `insert into changes (conversation_id, seq, kind, subject_id, actor_id, at)
    select r.id, p, 'member.added', case p when 1 then me else pg_temp.id('a', 0, p) end, me, now()
      from sizes, rooms r, generate_series(1, r.people) p
    union all
    select conversation_id, changed_seq, case when deleted_at is null then 'message.edited' else 'message.deleted' end, id, sender_id, now()
      from messages where changed_seq <> seq`,

  `insert into threads (root_id, conversation_id, reply_count, last_reply_seq, changed_seq)
    select thread_id, conversation_id, count(*), max(seq), max(seq) from messages where thread_id is not null group by 1, 2`,

  `insert into reactions (message_id, user_id, emoji, created_at)
    select m.id, pg_temp.id('a', 0, p), '👍', now()
    from sizes, messages m, generate_series(2, 6) p
    where m.conversation_id = big and m.seq > members + messages - 500`,

  `insert into thread_reads (root_id, user_id, read_seq)
    select root_id, case p when 1 then me else pg_temp.id('a', 0, p) end, last_reply_seq - 1 from sizes, threads, generate_series(1, 3) p`,

  `insert into message_edits (message_id, seq, body, at)
    select id, changed_seq, 'What it said before', now() from messages where edited_at is not null and deleted_at is null`,

  `insert into mentions (conversation_id, seq, message_id, user_id)
    select m.conversation_id, m.seq, m.id, me from sizes, messages m where m.conversation_id = big and m.seq % 500 = 7`,

  `insert into mentions (conversation_id, seq, message_id, user_id)
    select m.conversation_id, m.seq, m.id, pg_temp.id('a', 0, 2 + m.seq::int % (members - 1))
    from sizes, messages m where m.conversation_id = big and m.seq % 5 = 3`,

  `insert into attachments (id, file_id, uploader_id, conversation_id, message_id, name, type, size, stored)
    select pg_temp.id('e', 1, row_number() over ()::int), pg_temp.id('f', 1, row_number() over ()::int), sender_id, conversation_id, id,
      'notes.txt', 'text/plain', 100, true
    from sizes, messages where conversation_id = big and seq % 10 = 5 and deleted_at is null`,

  `insert into blocks (user_id, blocked_id)
    select pg_temp.id('a', 0, 1 + p), pg_temp.id('a', 0, 2 + p) from sizes, generate_series(1, members - 2) p`,

  `insert into mutes (user_id, conversation_id, keep)
    select m.user_id, m.conversation_id, 'nothing' from rooms r join members m on m.conversation_id = r.id where r.n % 5 = 0
    union all
    select pg_temp.id('a', 0, 2 + n % (members - 1)), pg_temp.id('d', 0, n), 'mentions' from sizes, generate_series(1, 5 * conversations) n`
]

/** Fills an empty database set by set, as fast as Postgres writes, and lets the planner know what is there. */
export async function fill(pool: pg.Pool, sizes: Sizes): Promise<LargeDatabase> {
  const [user_id, conversation_id] = [randomUUIDv7(), randomUUIDv7()]
  const client = await pool.connect()
  try {
    await client.query('set statement_timeout = 0')
    for (const statement of fillings(sizes, { user_id, conversation_id })) await client.query(statement)
    await client.query('vacuum analyze')
    const { rows } = await client.query<{ root_id: string }>(
      'select root_id from threads where conversation_id = $1 order by last_reply_seq desc limit 1',
      [conversation_id]
    )
    return { user_id, conversation_id, root_id: rows[0]?.root_id ?? '' }
  } finally {
    client.release(true)
  }
}
