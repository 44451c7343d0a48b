import { type Message, ProblemError, type Thread, type ThreadPage } from '@parley/contracts'
import { type Expression, type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '../database/database.ts'
import { findMessage, headFor, listMessages, selectMessages } from '../messages/message-store.ts'
import { toMessage } from '../messages/message-view.ts'
import { UNREAD_MAX } from '../messages/read-position.ts'
import { decodeCursor, toPage } from '../paging/page-cursor.ts'

export interface OnThread {
  user_id: string
  conversation_id: string
  /** The thread's root. */
  message_id: string
}

/** The root of a thread there is, or might be. Throws `not_found`, also for a reply: it has no thread of its own. */
export async function findRoot(db: Kysely<Database>, on: OnThread): Promise<Message> {
  const root = await findMessage(db, on)
  if (root.thread_id !== undefined) throw new ProblemError('not_found')
  return root
}

/** A thread's replies, ascending by seq, with its root and how far the caller has read it. Throws `not_found`. */
export async function readThread(
  db: Kysely<Database>,
  {
    before,
    after,
    limit,
    ...on
  }: OnThread & { before?: number | undefined; after?: number | undefined; limit: number }
): Promise<Omit<ThreadPage, 'next_cursor'> & { has_more: boolean }> {
  const { user_id, conversation_id, message_id: thread_id } = on
  const root = await findRoot(db, on)
  const page = await listMessages(db, { user_id, conversation_id, thread_id, before, after, limit })
  return { root, ...page, ...(await readState(db, on)) }
}

/** The threads of a conversation, that with the latest reply first. Throws `not_found` for outsiders. */
export async function listThreads(
  db: Kysely<Database>,
  {
    user_id,
    conversation_id,
    limit,
    cursor
  }: Omit<OnThread, 'message_id'> & { limit: number; cursor?: string | undefined }
): Promise<{ items: Thread[]; next_cursor: string | null }> {
  await headFor(db, user_id, conversation_id)
  const [before] = decodeCursor(cursor, isThreadCursor) ?? [Number.MAX_SAFE_INTEGER]
  const rows = await selectMessages(db, user_id)
    .innerJoin('threads as t', 't.root_id', 'm.id')
    .select(({ ref }) => [
      't.last_reply_seq',
      readSeq(user_id, conversation_id, ref('m.id')).as('read_seq'),
      unreadCount(user_id, ref('m.id'), readSeq(user_id, conversation_id, ref('m.id'))).as('unread_count')
    ])
    .where('t.conversation_id', '=', conversation_id)
    .where('t.last_reply_seq', '<', before)
    .orderBy('t.last_reply_seq', 'desc')
    .limit(limit + 1)
    .execute()
  return toPage(rows, limit, {
    item: ({ read_seq, unread_count, ...row }) => ({ root: toMessage(row), read_seq, unread_count }),
    cursor: ({ last_reply_seq }) => [last_reply_seq ?? 0]
  })
}

function isThreadCursor(value: unknown): value is [number] {
  return Array.isArray(value) && value.length === 1 && Number.isSafeInteger(value[0])
}

/** How far this user has read a thread. */
export async function readState(
  db: Kysely<Database>,
  { user_id, conversation_id, message_id }: OnThread
): Promise<{ read_seq: number; unread_count: number }> {
  const root = sql<string>`${message_id}::uuid`
  const read_seq = readSeq(user_id, conversation_id, root)
  const { rows } = await sql<{ read_seq: number; unread_count: number }>`
    select ${read_seq} as read_seq, ${unreadCount(user_id, root, read_seq)} as unread_count`.execute(db)
  return rows[0] ?? { read_seq: 0, unread_count: 0 }
}

/** What was said before one joined counts as read. */
function readSeq(user_id: string, conversation_id: string, root: Expression<string>) {
  return sql<number>`greatest(
    (select joined_seq from members where conversation_id = ${conversation_id} and user_id = ${user_id}),
    (select read_seq from thread_reads where root_id = ${root} and user_id = ${user_id})
  )`
}

function unreadCount(user_id: string, root: Expression<string>, read_seq: Expression<number>) {
  return sql<number>`(select count(*) from (
    select from messages x
    where x.thread_id = ${root} and x.seq > ${read_seq} and x.sender_id <> ${user_id} and x.deleted_at is null
    limit ${UNREAD_MAX}
  ) unread)`
}

/** Moves the read position forward, never back; true if it moved. */
export async function moveReadSeq(
  db: Kysely<Database>,
  { user_id, message_id: root_id, seq }: OnThread & { seq: number }
): Promise<boolean> {
  const moved = await db
    .insertInto('thread_reads')
    .values({ root_id, user_id, read_seq: seq })
    .onConflict((conflict) =>
      conflict
        .columns(['root_id', 'user_id'])
        .doUpdateSet({ read_seq: seq })
        .where('thread_reads.read_seq', '<', seq)
    )
    .executeTakeFirst()
  return moved.numInsertedOrUpdatedRows === 1n
}

/** Takes a reply that was deleted by the change `seq` out of its thread's summary. */
export async function uncountReply(
  tx: Transaction<Database>,
  { root_id, seq }: { root_id: string; seq: number }
): Promise<void> {
  await sql`
    update threads set reply_count = reply_count - 1, changed_seq = ${seq}, last_reply_seq = (
      select x.seq from messages x where x.thread_id = ${root_id} and x.deleted_at is null order by x.seq desc limit 1
    ) where root_id = ${root_id}`.execute(tx)
}
