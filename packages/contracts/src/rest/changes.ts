import { type Static, Type } from '@sinclair/typebox'
import { limits } from '../common/limits.ts'
import { Seq } from '../common/scalars.ts'
import { durableFrames } from '../realtime/server-frames.ts'

export const ChangeQuery = Type.Object(
  {
    since: Type.Optional(Seq),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: limits.changes_page_max, default: limits.changes_page })
    )
  },
  { title: 'ChangeQuery', additionalProperties: false }
)
export type ChangeQuery = Static<typeof ChangeQuery>

/** A page of the change feed: durable `parley.v1` frames ordered by seq. `next_since` is the cursor for the next page. */
export const ChangePage = Type.Object(
  { items: Type.Array(Type.Union(Object.values(durableFrames))), head: Seq, next_since: Seq },
  { title: 'ChangePage', additionalProperties: false }
)
export type ChangePage = Static<typeof ChangePage>
