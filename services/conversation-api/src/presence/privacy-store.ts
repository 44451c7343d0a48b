import type { Privacy } from '@parley/contracts'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '../database/database.ts'
import { lockPresence } from './presence-store.ts'

export async function readPrivacy(db: Kysely<Database>, user_id: string): Promise<Privacy> {
  const row = await db
    .selectFrom('users as u')
    .leftJoin('presence as p', 'p.user_id', 'u.id')
    .select(['u.hide_reads', 'p.hidden'])
    .where('u.id', '=', user_id)
    .executeTakeFirstOrThrow()
  return { hide_presence: row.hidden ?? false, hide_reads: row.hide_reads }
}

export async function hideReads(
  tx: Transaction<Database>,
  user_id: string,
  hide_reads: boolean
): Promise<void> {
  await tx.updateTable('users').set({ hide_reads }).where('id', '=', user_id).execute()
}

/** Others are told: of an "offline" without a time, or of how it really is. */
export async function hidePresence(
  tx: Transaction<Database>,
  user_id: string,
  hidden: boolean
): Promise<void> {
  await lockPresence(tx)
  await sql`
    insert into presence as p (user_id, hidden, changed) values (${user_id}, ${hidden}, nextval('presence_changes'))
    on conflict (user_id) do update set hidden = excluded.hidden, changed = excluded.changed
    where p.hidden <> excluded.hidden`.execute(tx)
}
