import { isId, type User } from '@parley/contracts'
import type { Kysely } from 'kysely'
import type { Database } from '../database/database.ts'
import { decodeCursor, toPage } from '../paging/page-cursor.ts'
import { findMessage } from './message-store.ts'

/**
 * Who has read as far as this message: members since before it, without its sender and without those who hide how far they read.
 * Throws `not_found`.
 */
export async function listSeen(
  db: Kysely<Database>,
  on: { user_id: string; conversation_id: string; message_id: string },
  { limit, cursor }: { limit: number; cursor?: string | undefined }
): Promise<{ items: User[]; next_cursor: string | null }> {
  const { seq, sender } = await findMessage(db, on)
  const after = decodeCursor(cursor, isSeenCursor)
  let query = db
    .selectFrom('members as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .select(['u.id', 'u.username', 'u.display_name'])
    .where('m.conversation_id', '=', on.conversation_id)
    .where('m.removed_at', 'is', null)
    .where('m.joined_seq', '<', seq)
    .where('m.read_seq', '>=', seq)
    .where('m.user_id', '<>', sender.id)
    .where('u.hide_reads', '=', false)
  if (after) query = query.where('m.user_id', '>', after[0])
  const rows = await query
    .orderBy('m.user_id')
    .limit(limit + 1)
    .execute()
  return toPage(rows, limit, { item: (user) => user, cursor: ({ id }) => [id] })
}

function isSeenCursor(value: unknown): value is [string] {
  return Array.isArray(value) && value.length === 1 && isId(value[0])
}
