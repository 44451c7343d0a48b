import type { Mute } from '@parley/contracts'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '../database/database.ts'

export interface OnConversation {
  user_id: string
  conversation_id: string
}

/** Replaces an earlier mute. */
export async function writeMute(
  tx: Transaction<Database>,
  on: OnConversation,
  { keep, until }: Mute
): Promise<void> {
  const values = { keep, until: until === null ? null : new Date(until) }
  await tx
    .insertInto('mutes')
    .values({ ...on, ...values })
    .onConflict((conflict) => conflict.columns(['user_id', 'conversation_id']).doUpdateSet(values))
    .execute()
}

export async function deleteMute(tx: Transaction<Database>, on: OnConversation): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('mutes')
    .where('user_id', '=', on.user_id)
    .where('conversation_id', '=', on.conversation_id)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** The mute of a conversation that is in force. */
export async function findMute(db: Kysely<Database>, on: OnConversation): Promise<Mute | undefined> {
  const row = await db
    .selectFrom('mutes')
    .select(['keep', 'until'])
    .where('user_id', '=', on.user_id)
    .where('conversation_id', '=', on.conversation_id)
    .where(({ eb, or }) => or([eb('until', 'is', null), eb('until', '>', sql<Date>`now()`)]))
    .executeTakeFirst()
  return row && { keep: row.keep, until: row.until?.toISOString() ?? null }
}

/** Takes away those that ran out; returns whose they were. */
export async function deleteExpiredMutes(tx: Transaction<Database>, limit: number): Promise<string[]> {
  const { rows } = await sql<{ user_id: string }>`
    with expired as materialized (
      select user_id, conversation_id from mutes where until <= now() limit ${limit} for update skip locked
    )
    delete from mutes m using expired e
    where m.user_id = e.user_id and m.conversation_id = e.conversation_id returning m.user_id`.execute(tx)
  return [...new Set(rows.map(({ user_id }) => user_id))]
}
