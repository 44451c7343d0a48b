import { isId, type Presence, ProblemError } from '@parley/contracts'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { headFor } from '../messages/message-store.ts'
import { decodeCursor, toPage } from '../paging/page-cursor.ts'
import { type PresenceRow, shown } from './presence-store.ts'

/** Someone I share a conversation with, or myself as I am. Throws `not_found` for anyone else, be they there or not. */
export async function findPresence(db: Kysely<Database>, me: string, user_id: string): Promise<Presence> {
  const { rows } = await sql<PresenceRow>`
    select u.id as user_id, coalesce(p.status, 'offline') as status, p.seen_at,
      coalesce(p.hidden, false) and u.id <> ${me} as hidden
    from users u left join presence p on p.user_id = u.id
    where u.id = ${user_id} and (u.id = ${me} or exists (
      select 1 from members theirs
      join members mine on mine.conversation_id = theirs.conversation_id and mine.user_id = ${me}
      join conversations c on c.id = theirs.conversation_id
      where theirs.user_id = u.id and theirs.removed_at is null and mine.removed_at is null
        and c.deleted_at is null
    ))`.execute(db)
  if (!rows[0]) throw new ProblemError('not_found')
  return shown(rows[0])
}

/** Members of my conversation who are here and do not hide it, in the order of their ids. Throws `not_found` for outsiders. */
export async function listPresence(
  db: Kysely<Database>,
  { user_id, conversation_id }: { user_id: string; conversation_id: string },
  { limit, cursor }: { limit: number; cursor?: string | undefined }
): Promise<{ items: Presence[]; next_cursor: string | null }> {
  await headFor(db, user_id, conversation_id)
  const after = decodeCursor(cursor, isPresenceCursor)
  const beyond = after ? sql`and m.user_id > ${after[0]}` : sql``
  // Membership once more: the caller may have been removed since.
  const { rows } = await sql<PresenceRow>`
    select p.user_id, p.status, p.hidden, p.seen_at
    from members m join presence p on p.user_id = m.user_id
    where m.conversation_id = ${conversation_id} and m.removed_at is null
      and p.status <> 'offline' and not p.hidden ${beyond}
      and exists (
        select 1 from members me
        where me.conversation_id = m.conversation_id and me.user_id = ${user_id} and me.removed_at is null
      )
    order by m.user_id limit ${limit + 1}`.execute(db)
  return toPage(rows, limit, { item: shown, cursor: (row) => [row.user_id] })
}

function isPresenceCursor(value: unknown): value is [string] {
  return Array.isArray(value) && value.length === 1 && isId(value[0])
}
