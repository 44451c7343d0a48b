import { type Static, Type } from '@sinclair/typebox'
import { limits } from '../common/limits.ts'
import { Problem } from '../common/problems.ts'
import { Id, Seq } from '../common/scalars.ts'
import { durableFrames } from '../realtime/server-frames.ts'

const Wait = Type.Optional(
  Type.Integer({
    minimum: 0,
    maximum: limits.poll_seconds,
    description: 'With Accept: application/json: how many seconds to wait for something'
  })
)

/** One conversation's stream or long-poll. `Last-Event-ID` goes before `since`; without either: from the head. */
export const EventStreamQuery = Type.Object(
  { since: Type.Optional(Seq), wait: Wait, ticket: Type.Optional(Type.String()) },
  { title: 'EventStreamQuery', additionalProperties: false }
)
export type EventStreamQuery = Static<typeof EventStreamQuery>

/** Many conversations': where each goes on. */
export const EventCursors = Type.Object(
  {
    cursors: Type.Record(Id, Seq, { maxProperties: limits.cursors_per_request, additionalProperties: false })
  },
  { title: 'EventCursors', additionalProperties: false }
)
export type EventCursors = Static<typeof EventCursors>

export const EventCursorsQuery = Type.Object(
  { wait: Wait, ticket: Type.Optional(Type.String()) },
  { title: 'EventCursorsQuery', additionalProperties: false }
)
export type EventCursorsQuery = Static<typeof EventCursorsQuery>

/** A long-poll's answer for many conversations. A single one answers with a `ChangePage`. */
export const EventPage = Type.Object(
  {
    items: Type.Array(Type.Union(Object.values(durableFrames))),
    cursors: Type.Record(Id, Seq, { description: 'for the next request' }),
    complete: Type.Array(Id, {
      description:
        'Conversations of which everything up to their cursor has come: no row that moved out of an earlier answer is still to come.'
    }),
    errors: Type.Record(Id, Problem, { description: 'conversations there is nothing to wait for in' })
  },
  { title: 'EventPage', additionalProperties: false }
)
export type EventPage = Static<typeof EventPage>
