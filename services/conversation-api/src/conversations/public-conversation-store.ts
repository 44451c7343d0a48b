import { isId, type PublicConversation } from '@parley/contracts'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { decodeCursor, toPage } from '../paging/page-cursor.ts'

export interface PublicListing {
  limit: number
  q?: string | undefined
  cursor?: string | undefined
}

interface PublicRow extends Pick<PublicConversation, 'id' | 'title' | 'member_count' | 'joined'> {
  description: string | null
  created_at: Date
}

/** Public groups, the newest first; with `q`, those where each of its words begins one of the title's or the description's. */
export async function listPublicConversations(
  db: Kysely<Database>,
  user_id: string,
  { limit, q, cursor }: PublicListing
): Promise<{ items: PublicConversation[]; next_cursor: string | null }> {
  const [before] = decodeCursor(cursor, isPublicCursor) ?? []
  const older = before === undefined ? sql`` : sql`and c.id < ${before}`
  const words = q === undefined ? undefined : prefixesOf(q)
  if (words === '') return { items: [], next_cursor: null }
  const matching =
    words === undefined
      ? sql``
      : sql`and to_tsvector('simple', coalesce(c.title, '') || ' ' || coalesce(c.description, '')) @@ to_tsquery('simple', ${words})`
  const { rows } = await sql<PublicRow>`
    select c.id, c.title, c.description, c.created_at, c.member_count, exists (
      select from members m where m.conversation_id = c.id and m.user_id = ${user_id} and m.removed_at is null
    ) as joined
    from conversations c where c.public and c.deleted_at is null ${older} ${matching}
    order by c.id desc limit ${limit + 1}`.execute(db)
  return toPage(rows, limit, { item: toPublicConversation, cursor: ({ id }) => [id] })
}

function isPublicCursor(value: unknown): value is [string] {
  return Array.isArray(value) && value.length === 1 && isId(value[0])
}

/** Letters and digits only, so that nothing a person types is taken for an operator. */
function prefixesOf(q: string): string {
  return [...q.matchAll(/[\p{L}\p{N}]+/gu)].map(([word]) => `${word}:*`).join(' & ')
}

function toPublicConversation(row: PublicRow): PublicConversation {
  return {
    id: row.id,
    title: row.title,
    ...(row.description === null ? {} : { description: row.description }),
    created_at: row.created_at.toISOString(),
    member_count: row.member_count,
    joined: row.joined
  }
}
