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

interface ActiveRoom {
  id: string
  active_at: Date
}

/** Conversations that are found by one look, and those of them whose items are read together. */
const ROOMS_FOUND = 256
const ROOMS_READ = 32

/**
 * What others wrote or took back in this user's conversations since they joined, and who added them, the newest first; without what
 * is muted or by someone blocked. Nothing is stored for it: it is read off the number lines.
 */
export async function readInbox(
  db: Kysely<Database>,
  user_id: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined }
): Promise<Inbox> {
  const before = decodeCursor(cursor, isInboxCursor)
  // In one snapshot: what becomes active between two looks would be passed over.
  const snapshot = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only')
  return snapshot.execute(async (tx) => {
    const page = toPage(await newestItems(tx, user_id, before, limit + 1), limit, {
      item: toItem,
      cursor: ({ at, conversation_id, seq }) => [at.getTime(), conversation_id, seq]
    })
    return { ...page, unread: await countUnread(tx, user_id) }
  })
}

/** Goes through the conversations in the order of their last activity, until none that is left can have anything as new. */
async function newestItems(
  tx: Transaction<Database>,
  user_id: string,
  before: InboxCursor | undefined,
  limit: number
): Promise<InboxRow[]> {
  const items: InboxRow[] = []
  let rooms = await findActiveRooms(tx, user_id)
  while (rooms.length > 0) {
    const part = rooms.splice(0, ROOMS_READ)
    items.push(...(await selectItems(tx, user_id, part, { before, limit })))
    items.sort(newestFirst)
    if (rooms.length === 0) rooms = await findActiveRooms(tx, user_id, part.at(-1))
    const [last, next] = [items[limit - 1], rooms[0]]
    if (last && next && last.at > next.active_at) break
  }
  return items.slice(0, limit)
}

function newestFirst(a: InboxRow, b: InboxRow): number {
  const byTime = b.at.getTime() - a.at.getTime()
  if (byTime !== 0) return byTime
  if (a.conversation_id !== b.conversation_id) return a.conversation_id < b.conversation_id ? 1 : -1
  return b.seq - a.seq
}

/** By an array of ids, as in the conversation list: however many conversations others have, these are found by their ids. */
async function findActiveRooms(
  tx: Transaction<Database>,
  user_id: string,
  after?: ActiveRoom
): Promise<ActiveRoom[]> {
  const beyond = after ? sql`and (c.active_at, c.id) < (${after.active_at}, ${after.id})` : sql``
  const { rows } = await sql<ActiveRoom>`
    select c.id, c.active_at from conversations c
    where c.id = any (array(select conversation_id from members where user_id = ${user_id} and removed_at is null))
      and c.deleted_at is null ${beyond}
    order by c.active_at desc, c.id desc limit ${ROOMS_FOUND}`.execute(tx)
  return rows
}

/** Joins to `m` the mute that is in force. With a limit, here and below: one look into one index, whatever the tables' sizes. */
const withMute = sql`
  left join lateral (
    select x.keep from mutes x
    where x.user_id = m.user_id and x.conversation_id = m.conversation_id and (x.until is null or x.until > now()) limit 1
  ) mute on true`

type InboxCursor = [at: number, conversation_id: string, seq: number]

function isInboxCursor(value: unknown): value is InboxCursor {
  if (!Array.isArray(value) || value.length !== 3) return false
  return Number.isSafeInteger(value[0]) && isId(value[1]) && Number.isSafeInteger(value[2])
}

// Along one line times do not run backwards, so each branch walks its index from the end and stops after a page.
async function selectItems(
  tx: Transaction<Database>,
  user_id: string,
  rooms: readonly ActiveRoom[],
  { before: cursor, limit }: { before: InboxCursor | undefined; limit: number }
): Promise<InboxRow[]> {
  const before = (at: string, seq: string) =>
    cursor
      ? sql`and (x.${sql.raw(at)}, x.conversation_id, x.${sql.raw(seq)}) < (${new Date(cursor[0])}, ${cursor[1]}, ${cursor[2]})`
      : sql``
  const { rows } = await sql<InboxRow>`
    with mine as materialized (
      select m.conversation_id, m.joined_seq, m.read_seq, mute.keep
      from members m ${withMute}
      where m.user_id = ${user_id} and m.removed_at is null and m.conversation_id = any (${rooms.map(({ id }) => id)}::uuid[])
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
    ) item cross join lateral (select x.username, x.display_name from users x where x.id = item.sender_id limit 1) u
    order by item.at desc, item.conversation_id desc, item.seq desc limit ${limit}`.execute(tx)
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

/** Unread messages that may notify, and in how many conversations they are: both exact to 999 messages, then 1,000 means "or more". */
async function countUnread(tx: Transaction<Database>, user_id: string): Promise<Inbox['unread']> {
  // One look a conversation, and none into the messages of one that is read.
  const { rows } = await sql<Inbox['unread']>`
    with mine as materialized (
      select conversation_id, read_seq from members where user_id = ${user_id} and removed_at is null
    )
    select count(distinct conversation_id) as conversations, count(*) as messages from (
      select mine.conversation_id from mine
      cross join lateral (
        select 1 from conversations x
        where x.id = mine.conversation_id and x.deleted_at is null and x.last_message_seq > mine.read_seq limit 1
      ) c
      cross join lateral (
        select 1 from messages x
        where x.conversation_id = mine.conversation_id and x.seq > mine.read_seq
          and x.sender_id <> ${user_id} and x.deleted_at is null
          and not exists (select 1 from blocks b where b.user_id = ${user_id} and b.blocked_id = x.sender_id)
        limit ${UNREAD_MAX}
      ) unread
      where mine.conversation_id <> all (array(
        select conversation_id from mutes where user_id = ${user_id} and (until is null or until > now())
      ))
      limit ${UNREAD_MAX}
    ) counted`.execute(tx)
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
