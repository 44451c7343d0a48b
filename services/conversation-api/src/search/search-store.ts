import { randomBytes } from 'node:crypto'
import { isId, type SearchPage, type SearchQuery } from '@parley/contracts'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { selectMessages } from '../messages/message-store.ts'
import { toMessage } from '../messages/message-view.ts'
import { decodeCursor, encodeCursor } from '../paging/page-cursor.ts'
import { findHighlights } from './highlights.ts'
import type { SearchSettings } from './search-settings.ts'
import { partsOf } from './search-terms.ts'

/** Matches that are ranked among each other: the newest so many, then the next, and so on. Bounds what a common word costs. */
const WINDOW = 1_000
/** Letters of a word; shorter ones are similar to too many others. */
const SIMILAR_FROM = 5

export interface MessageSearch extends SearchQuery {
  user_id: string
  limit: number
}

/** `newest` heads the window; `rank` and `message_id` are the last hit that was shown of it. */
type SearchCursor = [newest: string, rank: number, message_id: string]

interface HitRow {
  message_id: string
  rank: number
  newest: string
  oldest: string
  found: number
}

/**
 * Messages in this user's conversations that match, the best first. Membership is part of the one statement: what the user may
 * not see is neither found nor counted.
 */
export async function searchMessages(
  db: Kysely<Database>,
  settings: SearchSettings,
  search: MessageSearch
): Promise<SearchPage> {
  const { user_id, limit } = search
  const parts = partsOf(search.q, settings)
  const words = sql`websearch_to_tsquery(${settings.language}::regconfig, ${search.q})`
  const token = randomBytes(8).toString('hex')
  const marks = { start: `<${token}>`, stop: `</${token}>` }
  const options = `HighlightAll=true, StartSel=${marks.start}, StopSel=${marks.stop}`
  const rows = await selectMessages(db, user_id)
    .innerJoin(selectHits(search, parts, words).as('hit'), (join) =>
      join.onRef('hit.message_id', '=', 'm.id')
    )
    .select(['hit.rank', 'hit.newest', 'hit.oldest', 'hit.found'])
    .select(
      sql<string>`ts_headline(${settings.language}::regconfig, m.body, ${words}, ${options})`.as('marked')
    )
    .where('m.deleted_at', 'is', null)
    .orderBy('hit.rank', 'desc')
    .orderBy('m.id', 'desc')
    .execute()
  return {
    items: rows.slice(0, limit).map((row) => ({
      message: toMessage(row),
      highlights: findHighlights(row.body ?? '', { marked: row.marked, marks, words: parts })
    })),
    next_cursor: nextCursor(rows, limit)
  }
}

function nextCursor(
  rows: readonly (Omit<HitRow, 'message_id'> & { id: string })[],
  limit: number
): string | null {
  const last = rows[Math.min(rows.length, limit) - 1]
  if (!last) return null
  if (rows.length > limit) return encodeCursor([last.newest, last.rank, last.id])
  // The whole window was shown. Nothing ranks higher than what comes first in the next one.
  return last.found === WINDOW ? encodeCursor([last.oldest, -1, last.oldest]) : null
}

function isSearchCursor(value: unknown): value is SearchCursor {
  if (!Array.isArray(value) || value.length !== 3) return false
  return isId(value[0]) && Number.isSafeInteger(value[1]) && isId(value[2])
}

/** One more than a page, as rows of {@link HitRow}. */
function selectHits(
  search: MessageSearch,
  parts: readonly string[],
  words: RawBuilder<unknown>
): RawBuilder<HitRow> {
  const [newest, rank, last] = decodeCursor(search.cursor, isSearchCursor) ?? []
  const goesOn = rank !== undefined && rank >= 0
  const likeness = parts.length === 0 ? sql`` : sql`+ word_similarity(${search.q}, s.body)`
  return sql<HitRow>`(
    with mine as materialized (
      select c.id from members me cross join lateral (
        -- With a limit: one look into the index each, whatever the planner thinks of the table's size.
        select x.id from conversations x where x.id = me.conversation_id and x.deleted_at is null limit 1
      ) c
      where me.user_id = ${search.user_id} and me.removed_at is null
        ${inConversation(sql.ref('me.conversation_id'), search)}
    ), newest as materialized (
      select s.message_id, s.document, s.body
      from message_search s join mine on mine.id = s.conversation_id
      where ${matches(words, parts)} ${filters(search)}
        ${newest === undefined ? sql`` : goesOn ? sql`and s.message_id <= ${newest}` : sql`and s.message_id < ${newest}`}
      order by s.message_id desc limit ${WINDOW}
    ), ranked as (
      select s.message_id, floor(1000000 * (ts_rank(s.document, ${words}) ${likeness}))::integer as rank from newest s
    )
    select r.message_id, r.rank, w.newest, w.oldest, w.found from ranked r, (
      select (select message_id from newest order by message_id desc limit 1) as newest,
        (select message_id from newest order by message_id limit 1) as oldest, (select count(*) from newest) as found
    ) w
    ${goesOn ? sql`where (r.rank, r.message_id) < (${rank}, ${last}::uuid)` : sql``}
    order by r.rank desc, r.message_id desc limit ${search.limit + 1}
  )`
}

function matches(words: RawBuilder<unknown>, parts: readonly string[]): RawBuilder<unknown> {
  if (parts.length === 0) return sql`s.document @@ ${words}`
  return sql`(s.document @@ ${words} or (${sql.join(parts.map(resembles), sql` and `)}))`
}

function resembles(part: string): RawBuilder<unknown> {
  const contains = sql`s.body ilike ${`%${part.replace(/[\\%_]/g, '\\$&')}%`}`
  return Array.from(part).length < SIMILAR_FROM ? contains : sql`(${contains} or ${part} <% s.body)`
}

function inConversation(column: RawBuilder<unknown>, { conversation_id }: MessageSearch) {
  return conversation_id === undefined ? sql`` : sql`and ${column} = ${conversation_id}`
}

function filters(search: MessageSearch): RawBuilder<unknown> {
  const { sender_id, before, after } = search
  return sql.join(
    [
      inConversation(sql.ref('s.conversation_id'), search),
      sender_id === undefined ? sql`` : sql`and s.sender_id = ${sender_id}`,
      before === undefined ? sql`` : sql`and s.created_at < ${new Date(before)}`,
      after === undefined ? sql`` : sql`and s.created_at >= ${new Date(after)}`
    ],
    sql` `
  )
}
