import { type Message, ProblemError, type ReactionCount } from '@parley/contracts'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { EXTRAS, type MessageExtras } from './message-extras.ts'
import { toMessage } from './message-view.ts'

/** Messages with sender and reactions. With `me`, each reaction says whether it is mine. */
export function selectMessages(db: Kysely<Database>, me?: string) {
  return db
    .selectFrom('messages as m')
    .innerJoin('users as u', 'u.id', 'm.sender_id')
    .select([
      'm.id',
      'm.conversation_id',
      'm.seq',
      'm.changed_seq',
      'm.sender_id',
      'u.username',
      'u.display_name',
      'm.body',
      'm.client_id',
      'm.reply_to_id',
      'm.created_at',
      'm.edited_at',
      'm.deleted_at',
      reactionsOf(sql.ref('m.id'), me).as('reactions'),
      sql<MessageExtras | null>`${sql.raw(EXTRAS)}`.as('extras'),
      seesSource(me).as('sees_source')
    ])
}

function reactionsOf(message: ReturnType<typeof sql.ref>, me: string | undefined) {
  const mine = me === undefined ? sql`` : sql`, 'me', mine`
  return sql<ReactionCount[]>`coalesce((
    select json_agg(json_build_object('emoji', emoji, 'count', n${mine}) order by since, emoji) from (
      select emoji, count(*) as n, min(created_at) as since, bool_or(user_id = ${me ?? null}::uuid) as mine
      from reactions where message_id = ${message} group by emoji
    ) counted
  ), '[]')`
}

/** Whether the reader is a member where a copy is from; null for a message that is none, and for nobody in particular. */
function seesSource(me: string | undefined) {
  if (me === undefined) return sql<boolean | null>`null::boolean`
  return sql<boolean | null>`case when m.forwarded_conversation_id is not null then (
    select true from members s join conversations sc on sc.id = s.conversation_id and sc.deleted_at is null
    where s.conversation_id = m.forwarded_conversation_id and s.user_id = ${me}::uuid and s.removed_at is null
  ) end`
}

/** One message of a conversation, and who looks at it. */
export interface Reading {
  user_id: string
  conversation_id: string
  message_id: string
}

/** One message as a member sees it. Throws `not_found` also for outsiders. */
export async function findMessage(db: Kysely<Database>, reading: Reading): Promise<Message> {
  const message = await findReadable(db, reading)
  if (!message) throw new ProblemError('not_found')
  return message
}

/** The same; undefined for outsiders, and where there is none. */
export async function findReadable(
  db: Kysely<Database>,
  { user_id, conversation_id, message_id }: Reading
): Promise<Message | undefined> {
  const row = await selectMessages(db, user_id)
    .innerJoin('members as me', (join) =>
      join
        .onRef('me.conversation_id', '=', 'm.conversation_id')
        .on('me.user_id', '=', user_id)
        .on('me.removed_at', 'is', null)
    )
    .innerJoin('conversations as c', (join) =>
      join.onRef('c.id', '=', 'm.conversation_id').on('c.deleted_at', 'is', null)
    )
    .where('m.conversation_id', '=', conversation_id)
    .where('m.id', '=', message_id)
    .executeTakeFirst()
  return row && toMessage(row)
}

/** A message for a frame or inside a transaction whose caller has checked membership. */
export async function loadMessage(db: Kysely<Database>, message_id: string): Promise<Message> {
  return toMessage(await selectMessages(db).where('m.id', '=', message_id).executeTakeFirstOrThrow())
}

/** What this sender sent under this key. */
export function findSent(
  db: Kysely<Database>,
  { conversation_id, sender_id, client_id }: { conversation_id: string; sender_id: string; client_id: string }
): Promise<{ id: string; request_hash: Buffer | null } | undefined> {
  return db
    .selectFrom('messages')
    .select(['id', 'request_hash'])
    .where('conversation_id', '=', conversation_id)
    .where('sender_id', '=', sender_id)
    .where('client_id', '=', client_id)
    .executeTakeFirst()
}

export interface MessageListing {
  user_id: string
  conversation_id: string
  /** Only the replies in this thread. */
  thread_id?: string | undefined
  before?: number | undefined
  after?: number | undefined
  limit: number
}

/**
 * History, ascending by seq: the newest `limit`, or those next to `before` or `after`. `head` is read first, so that what
 * comes after it is missed by no one who subscribes from it. Throws `not_found` for outsiders.
 */
export async function listMessages(
  db: Kysely<Database>,
  { user_id, conversation_id, thread_id, before, after, limit }: MessageListing
): Promise<{ items: Message[]; head: number; has_more: boolean }> {
  const head = await headFor(db, user_id, conversation_id)
  const forward = after !== undefined && before === undefined
  let query = selectMessages(db, user_id).where('m.conversation_id', '=', conversation_id)
  if (thread_id !== undefined) query = query.where('m.thread_id', '=', thread_id)
  if (before !== undefined) query = query.where('m.seq', '<', before)
  if (after !== undefined) query = query.where('m.seq', '>', after)
  const rows = await query
    .orderBy('m.seq', forward ? 'asc' : 'desc')
    .limit(limit + 1)
    .execute()
  const items = rows.slice(0, limit).map(toMessage)
  return { items: forward ? items : items.reverse(), head, has_more: rows.length > limit }
}

/** The conversation's head, for a member. */
export async function headFor(
  db: Kysely<Database>,
  user_id: string,
  conversation_id: string
): Promise<number> {
  const row = await db
    .selectFrom('conversations as c')
    .innerJoin('members as me', 'me.conversation_id', 'c.id')
    .select('c.last_seq')
    .where('c.id', '=', conversation_id)
    .where('c.deleted_at', 'is', null)
    .where('me.user_id', '=', user_id)
    .where('me.removed_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw new ProblemError('not_found')
  return row.last_seq
}
