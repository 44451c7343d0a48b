import { type Conversation, isId, type Message, type Mute, ProblemError, type Role } from '@parley/contracts'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { selectMessages } from '../messages/message-store.ts'
import { toMessage } from '../messages/message-view.ts'
import { UNREAD_MAX } from '../messages/read-position.ts'
import { decodeCursor, toPage } from '../paging/page-cursor.ts'
import { type ConversationFactsRow, toFacts } from './conversation-view.ts'

interface ConversationRow extends ConversationFactsRow {
  active_at: Date
  last_message_seq: number | null
  head: number
  role: Role
  read_seq: number
  /** Null where it is not muted. */
  keep: Mute['keep'] | null
  until: Date | null
  unread_count: number
  mention_count: number
  member_count: number
  /** The other one, in a direct conversation; null in a group. */
  peer_id: string | null
  username: string | null
  display_name: string | null
}

/** A conversation as this member sees it. Throws `not_found` for anyone else. */
export async function findConversation(
  db: Kysely<Database>,
  user_id: string,
  conversation_id: string
): Promise<Conversation> {
  const [row] = await selectMine(db, user_id, { ids: sql`array[${conversation_id}]::uuid[]`, page: sql`` })
  if (!row) throw new ProblemError('not_found')
  const last = await lastMessages(db, user_id, [row])
  return toConversation(row, last)
}

export interface ListQuery {
  limit: number
  cursor?: string | undefined
}

/** This user's conversations, the newest activity first. What becomes active while one pages moves to the front. */
export async function listConversations(
  db: Kysely<Database>,
  user_id: string,
  { limit, cursor }: ListQuery
): Promise<{ items: Conversation[]; next_cursor: string | null }> {
  const after = decodeCursor(cursor, isListCursor)
  const beyond = after ? sql`and (c.active_at, c.id) < (${new Date(after[0])}, ${after[1]})` : sql``
  const page = sql`${beyond} order by c.active_at desc, c.id desc limit ${limit + 1}`
  const ids = sql`array(select conversation_id from members where user_id = ${user_id} and removed_at is null)`
  const rows = await selectMine(db, user_id, { ids, page })
  const last = await lastMessages(db, user_id, rows)
  return toPage(rows, limit, {
    item: (row) => toConversation(row, last),
    cursor: ({ active_at, id }) => [active_at.getTime(), id]
  })
}

function isListCursor(value: unknown): value is [number, string] {
  return Array.isArray(value) && value.length === 2 && Number.isSafeInteger(value[0]) && isId(value[1])
}

/**
 * Membership and conversation in one look: whoever is no member cannot tell an absent conversation from a hidden one. The ids are an
 * array, and not a join, so that however many conversations others have, those of one user are found by their ids.
 */
async function selectMine(
  db: Kysely<Database>,
  user_id: string,
  { ids, page }: { ids: RawBuilder<unknown>; page: RawBuilder<unknown> }
): Promise<ConversationRow[]> {
  const { rows } = await sql<ConversationRow>`
    with mine as materialized (
      select c.id, c.kind, c.title, c.description, c.public, c.created_at, c.active_at, c.last_seq as head, c.member_count,
        c.last_message_seq
      from conversations c where c.id = any (${ids}) and c.deleted_at is null ${page}
    )
    select mine.*, m.role, m.read_seq, mute.keep, mute.until, peer.*, (
      select count(*) from (
        select 1 from messages x
        where x.conversation_id = mine.id and x.seq > m.read_seq
          and x.sender_id <> ${user_id} and x.deleted_at is null
        limit ${UNREAD_MAX}
      ) unread
    ) as unread_count, (
      select count(*) from (
        select 1 from mentions n join messages x on x.id = n.message_id
        where n.user_id = ${user_id} and n.conversation_id = mine.id and n.seq > m.read_seq
          and x.sender_id <> ${user_id}
        limit ${UNREAD_MAX}
      ) mentioned
    ) as mention_count
    from mine join members m on m.conversation_id = mine.id and m.user_id = ${user_id} and m.removed_at is null
    left join lateral (
      select keep, until from mutes x
      where x.user_id = ${user_id} and x.conversation_id = mine.id and (x.until is null or x.until > now()) limit 1
    ) mute on true
    left join lateral (
      select u.id as peer_id, u.username, u.display_name from members x join users u on u.id = x.user_id
      where mine.kind = 'direct' and x.conversation_id = mine.id and x.user_id <> ${user_id} limit 1
    ) peer on true
    order by mine.active_at desc, mine.id desc`.execute(db)
  return rows
}

async function lastMessages(
  db: Kysely<Database>,
  user_id: string,
  conversations: ConversationRow[]
): Promise<Map<string, Message>> {
  const places = conversations.flatMap(({ id, last_message_seq: seq }) => (seq === null ? [] : [{ id, seq }]))
  if (places.length === 0) return new Map()
  const rows = await selectMessages(db, user_id)
    // Asked again, because the caller may have been removed since the list was read.
    .innerJoin('members as me', (join) =>
      join
        .onRef('me.conversation_id', '=', 'm.conversation_id')
        .on('me.user_id', '=', user_id)
        .on('me.removed_at', 'is', null)
    )
    // By both halves of the key: joined to its conversation, a last message is looked for among all of them.
    .where(({ eb, refTuple, tuple }) =>
      eb(
        refTuple('m.conversation_id', 'm.seq'),
        'in',
        places.map(({ id, seq }) => tuple(id, seq))
      )
    )
    .execute()
  return new Map(rows.map((row) => [row.conversation_id, toMessage(row)]))
}

function toConversation(row: ConversationRow, last: Map<string, Message>): Conversation {
  const { peer_id, username, display_name } = row
  return {
    ...toFacts(row),
    head: row.head,
    role: row.role,
    read_seq: row.read_seq,
    unread_count: row.unread_count,
    last_message: last.get(row.id) ?? null,
    member_count: row.member_count,
    ...(row.mention_count > 0 ? { mention_count: row.mention_count } : {}),
    ...(row.keep ? { mute: { keep: row.keep, until: row.until?.toISOString() ?? null } } : {}),
    ...(peer_id !== null && username !== null && display_name !== null
      ? { peer: { id: peer_id, username, display_name } }
      : {})
  }
}
