import { type Kysely, sql } from 'kysely'
import type { Database } from '../database/database.ts'

/** Messages of one conversation that are indexed in one transaction. */
const PAGE = 250
/** Conversations that a look for unindexed messages covers at a time. */
const CONVERSATIONS = 1_000

/**
 * Indexes the next messages of these conversations, up to 250 of each. Returns the ids that are to come again: there is more, or
 * another instance is at it.
 */
export function indexMessages(
  db: Kysely<Database>,
  language: string,
  conversation_ids: readonly string[]
): Promise<string[]> {
  return db.transaction().execute(async (tx) => {
    await sql`
      insert into search_progress (conversation_id, language)
      select id, ${language} from unnest(${conversation_ids}::uuid[]) as id on conflict do nothing`.execute(
      tx
    )
    const { rows: due } = await sql<{ id: string; since: number }>`
      select conversation_id as id, case when language = ${language} then indexed_seq else 0 end as since
      from search_progress where conversation_id = any (${conversation_ids}::uuid[])
      order by conversation_id for update skip locked`.execute(tx)
    const sinces = due.map(({ since }) => since)
    const ids = due.map(({ id }) => id)
    // Locked for share: what is edited or erased at this moment is waited for, and read as it is then.
    const { rows } = await sql<{ id: string; full: boolean }>`
      with due as materialized (
        select * from unnest(${ids}::uuid[], ${sinces}::bigint[]) as due (id, since)
      ), page as materialized (
        select x.* from due cross join lateral (
          select m.conversation_id, m.seq, m.id, m.sender_id, m.created_at, m.body from messages m
          where m.conversation_id = due.id and m.seq > due.since order by m.seq limit ${PAGE} for share
        ) x
      ), written as (
        insert into message_search (message_id, conversation_id, sender_id, created_at, language, body, document)
        select id, conversation_id, sender_id, created_at, ${language}, body, to_tsvector(${language}::regconfig, body)
        from page where body is not null
        on conflict (message_id) do update
          set language = excluded.language, body = excluded.body, document = excluded.document
      ), reached as materialized (
        select due.id, coalesce(max(page.seq), due.since) as seq, count(page.seq) = ${PAGE} as full
        from due left join page on page.conversation_id = due.id group by due.id, due.since
      ), moved as (
        update search_progress p set indexed_seq = reached.seq, language = ${language}
        from reached where p.conversation_id = reached.id
      )
      select id, reached.full from reached`.execute(tx)
    const done = new Set(rows.filter(({ full }) => !full).map(({ id }) => id))
    return conversation_ids.filter((id) => !done.has(id))
  })
}

/** The conversations after `after` with messages that are not indexed, and how far this look went; null: to the end. */
export async function findUnindexed(
  db: Kysely<Database>,
  language: string,
  after: string | null
): Promise<{ conversation_ids: string[]; reached: string | null }> {
  const { rows } = await sql<{ id: string; behind: boolean }>`
    select c.id, c.last_message_seq > case when p.language = ${language} then p.indexed_seq else 0 end as behind
    from (
      select id, coalesce(last_message_seq, 0) as last_message_seq from conversations
      where ${after}::uuid is null or id > ${after}::uuid order by id limit ${CONVERSATIONS}
    ) c left join search_progress p on p.conversation_id = c.id
    order by c.id`.execute(db)
  return {
    conversation_ids: rows.filter(({ behind }) => behind).map(({ id }) => id),
    reached: rows.length === CONVERSATIONS ? (rows.at(-1)?.id ?? null) : null
  }
}
