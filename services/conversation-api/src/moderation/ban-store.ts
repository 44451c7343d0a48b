import type { Ban } from '@parley/contracts'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { decodeCursor, toPage } from '../paging/page-cursor.ts'

/** Whether one of these users may not come into the conversation now. */
export async function isAnyBanned(
  db: Kysely<Database>,
  conversation_id: string,
  user_ids: readonly string[]
): Promise<boolean> {
  if (user_ids.length === 0) return false
  const row = await inForce(db, conversation_id).where('b.user_id', 'in', user_ids).executeTakeFirst()
  return row !== undefined
}

/** A ban that is in force. */
export async function findBan(
  db: Kysely<Database>,
  conversation_id: string,
  user_id: string
): Promise<Ban | undefined> {
  const row = await inForce(db, conversation_id).where('b.user_id', '=', user_id).executeTakeFirst()
  return row && toBan(row)
}

/** Bans that are in force, by user id. */
export async function listBans(
  db: Kysely<Database>,
  { conversation_id, limit, cursor }: { conversation_id: string; limit: number; cursor?: string | undefined }
): Promise<{ items: Ban[]; next_cursor: string | null }> {
  const [after] = decodeCursor(cursor, isBanCursor) ?? []
  let query = inForce(db, conversation_id)
  if (after !== undefined) query = query.where('b.user_id', '>', after)
  const rows = await query
    .orderBy('b.user_id')
    .limit(limit + 1)
    .execute()
  return toPage(rows, limit, { item: toBan, cursor: ({ user_id }) => [user_id] })
}

function isBanCursor(value: unknown): value is [string] {
  return Array.isArray(value) && value.length === 1 && typeof value[0] === 'string' && value[0].length === 36
}

export interface BanRow {
  conversation_id: string
  user_id: string
  banned_by: string
  reason: string | null
  created_at: Date
  expires_at: Date | null
}

/** Bans anew, or changes the ban there is. */
export async function putBan(db: Kysely<Database>, ban: BanRow): Promise<void> {
  const { conversation_id: _, user_id: __, ...terms } = ban
  await db
    .insertInto('bans')
    .values(ban)
    .onConflict((conflict) => conflict.columns(['conversation_id', 'user_id']).doUpdateSet(terms))
    .execute()
}

export async function deleteBan(
  db: Kysely<Database>,
  conversation_id: string,
  user_id: string
): Promise<void> {
  await db
    .deleteFrom('bans')
    .where('conversation_id', '=', conversation_id)
    .where('user_id', '=', user_id)
    .execute()
}

function inForce(db: Kysely<Database>, conversation_id: string) {
  return db
    .selectFrom('bans as b')
    .innerJoin('users as u', 'u.id', 'b.user_id')
    .select(['b.user_id', 'u.username', 'u.display_name', 'b.banned_by', 'b.reason', 'b.created_at'])
    .select('b.expires_at')
    .where('b.conversation_id', '=', conversation_id)
    .where((eb) => eb.or([eb('b.expires_at', 'is', null), eb('b.expires_at', '>', sql<Date>`now()`)]))
}

interface BanWithUser extends Omit<BanRow, 'conversation_id'> {
  username: string
  display_name: string
}

function toBan({ user_id: id, username, display_name, created_at, expires_at, ...rest }: BanWithUser): Ban {
  return {
    user: { id, username, display_name },
    banned_by: rest.banned_by,
    reason: rest.reason,
    created_at: created_at.toISOString(),
    expires_at: expires_at?.toISOString() ?? null
  }
}
