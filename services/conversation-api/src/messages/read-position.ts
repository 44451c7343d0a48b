import { encodeControl, ProblemError, type ReadState, userSubject } from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../database/database.ts'

/** Unread messages are counted no further than this; it then means "or more". */
export const UNREAD_MAX = 1_000

/**
 * Moves my read position forward, never back and never beyond the head, and tells my other devices. Throws `not_found`.
 */
export async function markRead(
  { db, bus }: { db: Kysely<Database>; bus: EventBus },
  { user_id, conversation_id, seq }: { user_id: string; conversation_id: string; seq: number }
): Promise<ReadState> {
  const { rows } = await sql<{ read_seq: number; moved: boolean }>`
    update members m set read_seq = greatest(m.read_seq, least(${seq}::bigint, c.last_seq))
    from conversations c, members before
    where c.id = ${conversation_id} and c.deleted_at is null
      and m.conversation_id = c.id and m.user_id = ${user_id} and m.removed_at is null
      and before.conversation_id = m.conversation_id and before.user_id = m.user_id
    returning m.read_seq, m.read_seq > before.read_seq as moved
  `.execute(db)
  const [row] = rows
  if (!row) throw new ProblemError('not_found')
  if (row.moved) {
    bus.publish(
      userSubject(user_id),
      encodeControl({ type: 'read', conversation_id, read_seq: row.read_seq })
    )
  }
  const unread_count = await countUnread(db, user_id, conversation_id, row.read_seq)
  return { conversation_id, read_seq: row.read_seq, unread_count }
}

async function countUnread(
  db: Kysely<Database>,
  user_id: string,
  conversation_id: string,
  read_seq: number
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from (
      select 1 from messages
      where conversation_id = ${conversation_id} and seq > ${read_seq}
        and sender_id <> ${user_id} and deleted_at is null
      limit ${UNREAD_MAX}
    ) unread
  `.execute(db)
  return rows[0]?.n ?? 0
}
