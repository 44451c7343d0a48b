import { type Conversation, isId, type Message, ProblemError, type Role } from '@parley/contracts'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { selectMessages } from '../messages/message-store.ts'
import { toMessage } from '../messages/message-view.ts'
import { UNREAD_MAX } from '../messages/read-position.ts'
import { decodeCursor, toPage } from '../paging/page-cursor.ts'
import { type ConversationFactsRow, toFacts } from './conversation-view.ts'

interface ConversationRow extends ConversationFactsRow {
  active_at: Date
  head: number
  role: Role
  read_seq: number
  unread_count: number
  member_count: number
}

/** A conversation as this member sees it. Throws `not_found` for anyone else. */
export async function findConversation(
  db: Kysely<Database>,
  user_id: string,
  conversation_id: string
): Promise<Conversation> {
  const [row] = await selectMine(db, user_id, sql`and c.id = ${conversation_id}`)
  if (!row) throw new ProblemError('not_found')
  const last = await lastMessages(db, user_id, [conversation_id])
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
  const rows = await selectMine(db, user_id, page)
  const last = await lastMessages(
    db,
    user_id,
    rows.map(({ id }) => id)
  )
  return toPage(rows, limit, {
    item: (row) => toConversation(row, last),
    cursor: ({ active_at, id }) => [active_at.getTime(), id]
  })
}

function isListCursor(value: unknown): value is [number, string] {
  return Array.isArray(value) && value.length === 2 && Number.isSafeInteger(value[0]) && isId(value[1])
}

/** Membership and conversation in one look: whoever is no member cannot tell an absent conversation from a hidden one. */
async function selectMine(
  db: Kysely<Database>,
  user_id: string,
  which: RawBuilder<unknown>
): Promise<ConversationRow[]> {
  const { rows } = await sql<ConversationRow>`
    with mine as materialized (
      select c.id, c.kind, c.title, c.description, c.public, c.created_at, c.active_at, c.last_seq as head, c.member_count, m.role, m.read_seq
      from members m join conversations c on c.id = m.conversation_id
      where m.user_id = ${user_id} and m.removed_at is null and c.deleted_at is null ${which}
    )
    select mine.*, (
      select count(*) from (
        select 1 from messages x
        where x.conversation_id = mine.id and x.seq > mine.read_seq
          and x.sender_id <> ${user_id} and x.deleted_at is null
        limit ${UNREAD_MAX}
      ) unread
    ) as unread_count
    from mine order by mine.active_at desc, mine.id desc`.execute(db)
  return rows
}

async function lastMessages(
  db: Kysely<Database>,
  user_id: string,
  conversation_ids: string[]
): Promise<Map<string, Message>> {
  if (conversation_ids.length === 0) return new Map()
  const rows = await selectMessages(db, user_id)
    .innerJoin('conversations as c', (join) =>
      join.onRef('c.id', '=', 'm.conversation_id').onRef('c.last_message_seq', '=', 'm.seq')
    )
    // Asked again, because the caller may have been removed since the list was read.
    .innerJoin('members as me', (join) =>
      join
        .onRef('me.conversation_id', '=', 'c.id')
        .on('me.user_id', '=', user_id)
        .on('me.removed_at', 'is', null)
    )
    .where('c.id', 'in', conversation_ids)
    .execute()
  return new Map(rows.map((row) => [row.conversation_id, toMessage(row)]))
}

function toConversation(row: ConversationRow, last: Map<string, Message>): Conversation {
  return {
    ...toFacts(row),
    head: row.head,
    role: row.role,
    read_seq: row.read_seq,
    unread_count: row.unread_count,
    last_message: last.get(row.id) ?? null,
    member_count: row.member_count
  }
}
