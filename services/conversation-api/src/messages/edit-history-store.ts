import { type MessageVersion, ProblemError } from '@parley/contracts'
import type { Kysely, Transaction } from 'kysely'
import type { Database } from '../database/database.ts'
import { decodeCursor, toPage } from '../paging/page-cursor.ts'

/** Keeps the text that the edit `seq` replaced. */
export async function keepVersion(
  tx: Transaction<Database>,
  version: { message_id: string; seq: number; body: string; at: Date }
): Promise<void> {
  await tx.insertInto('message_edits').values(version).execute()
}

export async function eraseVersions(tx: Transaction<Database>, message_id: string): Promise<void> {
  await tx.deleteFrom('message_edits').where('message_id', '=', message_id).execute()
}

export interface VersionListing {
  user_id: string
  conversation_id: string
  message_id: string
  limit: number
  cursor?: string | undefined
}

/** What a message said before, the newest first; for owners and admins. Throws `not_found`, `forbidden`. */
export async function listVersions(
  db: Kysely<Database>,
  { limit, cursor, ...on }: VersionListing
): Promise<{ items: MessageVersion[]; next_cursor: string | null }> {
  await requireAdmin(db, on)
  const [before] = decodeCursor(cursor, isVersionCursor) ?? [Number.MAX_SAFE_INTEGER]
  const rows = await db
    .selectFrom('message_edits')
    .select(['seq', 'body', 'at'])
    .where('message_id', '=', on.message_id)
    .where('seq', '<', before)
    .orderBy('seq', 'desc')
    .limit(limit + 1)
    .execute()
  return toPage(rows, limit, {
    item: ({ seq, body, at }) => ({ replaced_by_seq: seq, replaced_at: at.toISOString(), body }),
    cursor: ({ seq }) => [seq]
  })
}

function isVersionCursor(value: unknown): value is [number] {
  return Array.isArray(value) && value.length === 1 && Number.isSafeInteger(value[0])
}

async function requireAdmin(
  db: Kysely<Database>,
  { user_id, conversation_id, message_id }: Omit<VersionListing, 'limit' | 'cursor'>
): Promise<void> {
  const me = await db
    .selectFrom('messages as m')
    .innerJoin('conversations as c', 'c.id', 'm.conversation_id')
    .innerJoin('members as me', 'me.conversation_id', 'm.conversation_id')
    .select('me.role')
    .where('m.id', '=', message_id)
    .where('m.conversation_id', '=', conversation_id)
    .where('c.deleted_at', 'is', null)
    .where('me.user_id', '=', user_id)
    .where('me.removed_at', 'is', null)
    .executeTakeFirst()
  if (!me) throw new ProblemError('not_found')
  if (me.role === 'member') throw new ProblemError('forbidden')
}
