import { isId, type User } from '@parley/contracts'
import type { Kysely, Transaction } from 'kysely'
import type { Database } from '../database/database.ts'
import { decodeCursor, toPage } from '../paging/page-cursor.ts'

/** Those this user blocked, in the order of their ids. */
export async function listBlocks(
  db: Kysely<Database>,
  user_id: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined }
): Promise<{ items: User[]; next_cursor: string | null }> {
  const after = decodeCursor(cursor, isBlockCursor)
  let query = db
    .selectFrom('blocks as b')
    .innerJoin('users as u', 'u.id', 'b.blocked_id')
    .select(['u.id', 'u.username', 'u.display_name'])
    .where('b.user_id', '=', user_id)
  if (after) query = query.where('b.blocked_id', '>', after[0])
  const rows = await query
    .orderBy('b.blocked_id')
    .limit(limit + 1)
    .execute()
  return toPage(rows, limit, { item: (user) => user, cursor: ({ id }) => [id] })
}

function isBlockCursor(value: unknown): value is [string] {
  return Array.isArray(value) && value.length === 1 && isId(value[0])
}

export async function insertBlock(
  tx: Transaction<Database>,
  user_id: string,
  blocked_id: string
): Promise<void> {
  await tx
    .insertInto('blocks')
    .values({ user_id, blocked_id })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function deleteBlock(
  tx: Transaction<Database>,
  user_id: string,
  blocked_id: string
): Promise<void> {
  await tx.deleteFrom('blocks').where('user_id', '=', user_id).where('blocked_id', '=', blocked_id).execute()
}

/** Those of the users who blocked the caller: it can take none of them into a conversation. */
export async function whoBlocked(
  db: Kysely<Database>,
  caller_id: string,
  user_ids: readonly string[]
): Promise<Set<string>> {
  if (user_ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('blocks')
    .select('user_id')
    .where('user_id', 'in', user_ids)
    .where('blocked_id', '=', caller_id)
    .execute()
  return new Set(rows.map(({ user_id }) => user_id))
}
