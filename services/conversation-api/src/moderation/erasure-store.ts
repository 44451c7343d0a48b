import type { Erasure } from '@parley/contracts'
import { type Kysely, sql } from 'kysely'
import type { ConversationLine } from '../changes/conversation-line.ts'
import type { Database } from '../database/database.ts'
import { BARE, leaveTombstone } from '../messages/message-mutations.ts'
import { loadMessage } from '../messages/message-store.ts'

/** Messages or reactions that are erased under one lock. */
const BATCH = 100

/** A name that nobody can register: that of no other user, and longer than names are. */
const erasedName = (user_id: string) => `erased-user-${user_id}-${'x'.repeat(16)}`

/**
 * Takes the name, the password and the rights of an account, and notes that the rest is to follow. False where there is no such
 * user; a repetition changes nothing.
 */
export async function beginErasure(db: Kysely<Database>, user_id: string): Promise<boolean> {
  const row = await db
    .updateTable('users')
    .set({
      username: erasedName(user_id),
      display_name: 'Erased user',
      password_hash: 'none',
      admin: false,
      disabled_at: sql<Date>`coalesce(disabled_at, now())`,
      erased_at: sql<Date>`coalesce(erased_at, now())`
    })
    .where('id', '=', user_id)
    .returning('id')
    .executeTakeFirst()
  if (!row) return false
  await db.deleteFrom('push_subscriptions').where('user_id', '=', user_id).execute()
  await db.updateTable('sessions').set({ user_agent: null }).where('user_id', '=', user_id).execute()
  await db
    .insertInto('erasures')
    .values({ user_id, finished_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return true
}

export async function findErasure(db: Kysely<Database>, user_id: string): Promise<Erasure | undefined> {
  const row = await db.selectFrom('erasures').selectAll().where('user_id', '=', user_id).executeTakeFirst()
  return (
    row && {
      user_id,
      requested_at: row.requested_at.toISOString(),
      finished_at: row.finished_at?.toISOString() ?? null
    }
  )
}

/** Users whose erasure is not finished. */
export async function openErasures(db: Kysely<Database>): Promise<string[]> {
  const rows = await db
    .selectFrom('erasures')
    .select('user_id')
    .where('finished_at', 'is', null)
    .orderBy('requested_at')
    .limit(100)
    .execute()
  return rows.map(({ user_id }) => user_id)
}

/** Every conversation that the user is or was in, with whether it is deleted. */
export async function conversationsOf(
  db: Kysely<Database>,
  user_id: string
): Promise<{ id: string; deleted: boolean }[]> {
  const { rows } = await sql<{ id: string; deleted: boolean }>`
    select c.id, c.deleted_at is not null as deleted
    from (
      select conversation_id from members where user_id = ${user_id} and removed_at is null
      union all select conversation_id from members where user_id = ${user_id} and removed_at is not null
    ) m join conversations c on c.id = m.conversation_id
    order by c.id`.execute(db)
  return rows
}

/** Erases the next of the user's messages, as of the lock. Returns whether there may be more, after `seq`. */
export async function eraseMessages(
  line: ConversationLine,
  user_id: string,
  after: number
): Promise<{ more: boolean; seq: number }> {
  const rows = await line.tx
    .selectFrom('messages')
    .select(['id', 'seq'])
    .where('conversation_id', '=', line.conversation.id)
    .where('seq', '>', after)
    .where('sender_id', '=', user_id)
    .where('deleted_at', 'is', null)
    .orderBy('seq')
    .limit(BATCH)
    .execute()
  for (const { id } of rows) await leaveTombstone(line, await loadMessage(line.tx, id), user_id)
  return { more: rows.length === BATCH, seq: rows.at(-1)?.seq ?? after }
}

/** Takes back the next of the user's reactions in this conversation. Returns whether there may be more. */
export async function eraseReactions(line: ConversationLine, user_id: string): Promise<boolean> {
  const rows = await line.tx
    .selectFrom('reactions as r')
    .innerJoin('messages as m', 'm.id', 'r.message_id')
    .select(['r.message_id', 'r.emoji'])
    .where('r.user_id', '=', user_id)
    .where('m.conversation_id', '=', line.conversation.id)
    .orderBy('r.message_id')
    .limit(BATCH)
    .execute()
  for (const { message_id, emoji } of rows) {
    await line.tx
      .deleteFrom('reactions')
      .where('message_id', '=', message_id)
      .where('user_id', '=', user_id)
      .where('emoji', '=', emoji)
      .execute()
    await line.tx
      .updateTable('messages')
      .set({ changed_seq: line.next })
      .where('id', '=', message_id)
      .execute()
    const { reactions } = await loadMessage(line.tx, message_id)
    const count = reactions.find((reaction) => reaction.emoji === emoji)?.count ?? 0
    line.append('message.reacted', message_id, user_id, {
      type: 'reaction',
      message_id,
      emoji,
      user_id,
      on: false,
      count
    })
  }
  return rows.length === BATCH
}

/** Erases what the user left in a conversation that is deleted: nobody is told, for nobody sees it. */
export async function eraseUnseen(
  db: Kysely<Database>,
  user_id: string,
  conversation_id: string
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const mine = tx
      .selectFrom('messages')
      .select('id')
      .where('conversation_id', '=', conversation_id)
      .where('sender_id', '=', user_id)
    await tx.deleteFrom('message_edits').where('message_id', 'in', mine).execute()
    await tx
      .updateTable('messages')
      .set({ ...BARE, deleted_at: sql<Date>`now()` })
      .where('conversation_id', '=', conversation_id)
      .where('sender_id', '=', user_id)
      .where('deleted_at', 'is', null)
      .execute()
  })
}

/** Erases what is on no line, and notes that nothing is left. */
export async function finishErasure(db: Kysely<Database>, user_id: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('reactions').where('user_id', '=', user_id).execute()
    await tx.deleteFrom('mentions').where('user_id', '=', user_id).execute()
    await tx.deleteFrom('thread_reads').where('user_id', '=', user_id).execute()
    await tx.deleteFrom('mutes').where('user_id', '=', user_id).execute()
    await tx.deleteFrom('blocks').where('user_id', '=', user_id).execute()
    await tx.deleteFrom('attachments').where('uploader_id', '=', user_id).execute()
    await tx.updateTable('reports').set({ reason: '' }).where('reporter_id', '=', user_id).execute()
    await tx
      .updateTable('erasures')
      .set({ finished_at: sql<Date>`now()` })
      .where('user_id', '=', user_id)
      .execute()
  })
}
