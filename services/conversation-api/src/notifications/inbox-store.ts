import { type Inbox, type InboxItem, isId } from '@parley/contracts'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '../database/database.ts'
import { UNREAD_MAX } from '../messages/read-position.ts'
import { decodeCursor, toPage } from '../paging/page-cursor.ts'

/** Code points of a message that the inbox shows. */
const PREVIEW_LENGTH = 200

interface InboxRow {
  kind: InboxItem['kind']
  conversation_id: string
  /** Null where somebody added me. */
  message_id: string | null
  seq: number
  at: Date
  preview: string | null
  sender_id: string
  username: string
  display_name: string
  read: boolean
}

/**
 * What others wrote or took back in this user's conversations since they joined, and who added them, the newest first; without what
 * is muted or by someone blocked. Nothing is stored for it: it is read off the number lines.
 */
export async function readInbox(
  db: Kysely<Database>,
  user_id: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined }
): Promise<Inbox> {
  const rows = await selectItems(db, user_id, decodeCursor(cursor, isInboxCursor), limit + 1)
  const page = toPage(rows, limit, {
    item: toItem,
    cursor: ({ at, conversation_id, seq }) => [at.getTime(), conversation_id, seq]
  })
  return { ...page, unread: await countUnread(db, user_id) }
}

/** Joins to `m` the mute that is in force. */
const withMute = sql`
  left join mutes mute on mute.user_id = m.user_id and mute.conversation_id = m.conversation_id
    and (mute.until is null or mute.until > now())`

type InboxCursor = [at: number, conversation_id: string, seq: number]

function isInboxCursor(value: unknown): value is InboxCursor {
  if (!Array.isArray(value) || value.length !== 3) return false
  return Number.isSafeInteger(value[0]) && isId(value[1]) && Number.isSafeInteger(value[2])
}

// Along one line times do not run backwards, so each branch walks its index from the end and stops after a page.
async function selectItems(
  db: Kysely<Database>,
  user_id: string,
  cursor: InboxCursor | undefined,
  limit: number
): Promise<InboxRow[]> {
  const before = (at: string, seq: string) =>
    cursor
      ? sql`and (x.${sql.raw(at)}, x.conversation_id, x.${sql.raw(seq)}) < (${new Date(cursor[0])}, ${cursor[1]}, ${cursor[2]})`
      : sql``
  const { rows } = await sql<InboxRow>`
    with mine as materialized (
      select m.conversation_id, m.joined_seq, m.read_seq, mute.keep
      from members m join conversations c on c.id = m.conversation_id ${withMute}
      where m.user_id = ${user_id} and m.removed_at is null and c.deleted_at is null
    ), blocked as materialized (
      select blocked_id from blocks where user_id = ${user_id}
    )
    select item.*, item.seq <= mine.read_seq as read, u.username, u.display_name
    from mine cross join lateral (
      (
        select 'new_message' as kind, x.conversation_id, x.id as message_id, x.seq, x.created_at as at,
          left(x.body, ${PREVIEW_LENGTH}) as preview, x.sender_id
        from messages x
        where x.conversation_id = mine.conversation_id and x.seq > mine.joined_seq
          and x.sender_id <> ${user_id} and x.deleted_at is null and mine.keep is null
          and not exists (select 1 from blocked where blocked_id = x.sender_id) ${before('created_at', 'seq')}
          and not exists (select 1 from mentions n where n.message_id = x.id and n.user_id = ${user_id})
        order by x.seq desc limit ${limit}
      ) union all (
        select 'message_deleted', x.conversation_id, x.id, x.changed_seq, x.deleted_at, null, x.sender_id
        from messages x join changes deletion on deletion.conversation_id = x.conversation_id and deletion.seq = x.changed_seq
        where x.conversation_id = mine.conversation_id and x.changed_seq > mine.joined_seq
          and deletion.actor_id <> ${user_id} and x.deleted_at is not null and mine.keep is null
          and not exists (select 1 from blocked where blocked_id = x.sender_id) ${before('deleted_at', 'changed_seq')}
        order by x.changed_seq desc limit ${limit}
      ) union all (
        select 'mention', x.conversation_id, x.message_id, x.seq, x.at, left(x.body, ${PREVIEW_LENGTH}), x.sender_id
        from (
          select n.conversation_id, n.seq, n.message_id, m.sender_id, m.body, coalesce(edit.at, m.created_at) as at
          from mentions n join messages m on m.id = n.message_id
          left join changes edit on edit.conversation_id = n.conversation_id and edit.seq = n.seq
          where n.user_id = ${user_id} and n.conversation_id = mine.conversation_id
        ) x
        where x.seq > mine.joined_seq and x.sender_id <> ${user_id} and mine.keep is distinct from 'nothing'
          and not exists (select 1 from blocked where blocked_id = x.sender_id) ${before('at', 'seq')}
        order by x.seq desc limit ${limit}
      ) union all (
        select 'added', x.conversation_id, null, x.seq, x.at, null, x.actor_id
        from changes x
        where x.conversation_id = mine.conversation_id and x.seq = mine.joined_seq and x.kind = 'member.added'
          and x.actor_id <> ${user_id} and mine.keep is null ${before('at', 'seq')}
      )
    ) item join users u on u.id = item.sender_id
    order by item.at desc, item.conversation_id desc, item.seq desc limit ${limit}`.execute(db)
  return rows
}

function toItem({ sender_id, username, display_name, at, ...row }: InboxRow): InboxItem {
  return {
    kind: row.kind,
    conversation_id: row.conversation_id,
    ...(row.message_id === null ? {} : { message_id: row.message_id }),
    seq: row.seq,
    sender: { id: sender_id, username, display_name },
    preview: row.preview,
    at: at.toISOString(),
    read: row.read
  }
}

/** Conversations with unread messages, and those messages, of what may notify; no more than 1,000 are counted in one conversation. */
async function countUnread(db: Kysely<Database>, user_id: string): Promise<Inbox['unread']> {
  const { rows } = await sql<Inbox['unread']>`
    select count(*) as conversations, coalesce(sum(n), 0)::bigint as messages
    from members m join conversations c on c.id = m.conversation_id ${withMute} cross join lateral (
      select count(*) as n from (
        select 1 from messages x
        where x.conversation_id = m.conversation_id and x.seq > m.read_seq
          and x.sender_id <> ${user_id} and x.deleted_at is null
          and not exists (select 1 from blocks b where b.user_id = ${user_id} and b.blocked_id = x.sender_id)
        limit ${UNREAD_MAX}
      ) unread
    ) counted
    where m.user_id = ${user_id} and m.removed_at is null and c.deleted_at is null and n > 0 and mute.keep is null`.execute(
    db
  )
  return rows[0] ?? { conversations: 0, messages: 0 }
}

export interface ReadPositionMoved {
  conversation_id: string
  read_seq: number
}

/** Moves read positions to the head, in one conversation or in all; returns those that moved. */
export async function readToHead(
  tx: Transaction<Database>,
  user_id: string,
  conversation_id?: string
): Promise<ReadPositionMoved[]> {
  const only = conversation_id === undefined ? sql`` : sql`and m.conversation_id = ${conversation_id}`
  const { rows } = await sql<ReadPositionMoved>`
    with behind as materialized (
      select m.conversation_id, c.last_seq
      from members m join conversations c on c.id = m.conversation_id
      where m.user_id = ${user_id} and m.removed_at is null and c.deleted_at is null
        and m.read_seq < c.last_seq ${only}
      order by m.conversation_id for no key update of m
    )
    update members m set read_seq = behind.last_seq from behind
    where m.conversation_id = behind.conversation_id and m.user_id = ${user_id}
    returning m.conversation_id, m.read_seq`.execute(tx)
  return rows
}
