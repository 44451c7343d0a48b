import { randomUUIDv7 } from 'node:crypto'
import { type AuditEntry, isId } from '@parley/contracts'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { decodeCursor, toPage } from '../paging/page-cursor.ts'

/** Whether this user moderates the whole deployment. */
export async function isAdmin(db: Kysely<Database>, user_id: string): Promise<boolean> {
  const row = await db
    .selectFrom('users')
    .select('admin')
    .where('id', '=', user_id)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  return row?.admin === true
}

/** Gives or takes the role. Returns the user's id; undefined where there is none of the name. */
export async function setAdmin(
  db: Kysely<Database>,
  username: string,
  admin: boolean
): Promise<string | undefined> {
  const row = await db
    .updateTable('users')
    .set({ admin })
    .where(sql`lower(username)`, '=', username.toLowerCase())
    .where('erased_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

export async function findUserId(db: Kysely<Database>, username: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('users')
    .select('id')
    .where(sql`lower(username)`, '=', username.toLowerCase())
    .executeTakeFirst()
  return row?.id
}

export interface Audited {
  /** Null: an operator at the command line. */
  actor_id: string | null
  action: string
  user_id?: string
  conversation_id?: string
  message_id?: string
}

/** Notes what an admin did, in the transaction that does it. */
export async function writeAudit(db: Kysely<Database>, entry: Audited): Promise<void> {
  const { user_id = null, conversation_id = null, message_id = null, ...rest } = entry
  await db
    .insertInto('audit_log')
    .values({ id: randomUUIDv7(), ...rest, user_id, conversation_id, message_id })
    .execute()
}

/** The newest first. */
export async function listAudit(
  db: Kysely<Database>,
  { limit, cursor }: { limit: number; cursor?: string | undefined }
): Promise<{ items: AuditEntry[]; next_cursor: string | null }> {
  const [before] = decodeCursor(cursor, isAuditCursor) ?? []
  let query = db.selectFrom('audit_log').selectAll()
  if (before !== undefined) query = query.where('id', '<', before)
  const rows = await query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  return toPage(rows, limit, {
    item: ({ at, ...entry }) => ({ ...entry, at: at.toISOString() }),
    cursor: ({ id }) => [id]
  })
}

function isAuditCursor(value: unknown): value is [string] {
  return Array.isArray(value) && value.length === 1 && isId(value[0])
}
