import { type Static, Type } from '@sinclair/typebox'
import { limits } from '../common/limits.ts'
import { Id, Nullable, Time } from '../common/scalars.ts'
import { SearchText } from '../common/text.ts'
import { Message } from './messages.ts'

/** `after` is inclusive and `before` exclusive. */
export const SearchQuery = Type.Object(
  {
    q: SearchText,
    conversation_id: Type.Optional(Id),
    sender_id: Type.Optional(Id),
    before: Type.Optional(Time),
    after: Type.Optional(Time),
    cursor: Type.Optional(Type.String({ maxLength: 400 })),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: limits.search_page_max, default: limits.search_page })
    )
  },
  { title: 'SearchQuery', additionalProperties: false }
)
export type SearchQuery = Static<typeof SearchQuery>

/** A stretch of the body, in code points from its beginning; `end` is exclusive. */
export const Highlight = Type.Object(
  { start: Type.Integer({ minimum: 0 }), end: Type.Integer({ minimum: 1 }) },
  { title: 'Highlight', additionalProperties: false }
)
export type Highlight = Static<typeof Highlight>

export const SearchHit = Type.Object(
  { message: Message, highlights: Type.Array(Highlight) },
  { title: 'SearchHit', additionalProperties: false }
)
export type SearchHit = Static<typeof SearchHit>

/** The best first. A page may hold fewer than were asked for; the last one has no `next_cursor`. */
export const SearchPage = Type.Object(
  { items: Type.Array(SearchHit), next_cursor: Nullable(Type.String()) },
  { title: 'SearchPage', additionalProperties: false }
)
export type SearchPage = Static<typeof SearchPage>
