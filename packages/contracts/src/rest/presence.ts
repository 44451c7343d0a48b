import { type Static, Type } from '@sinclair/typebox'
import { Id, Nullable, Time } from '../common/scalars.ts'

/** Of all devices of a user together: online on one beats away beats offline. */
export const PresenceStatus = Type.Union(
  [Type.Literal('online'), Type.Literal('away'), Type.Literal('offline')],
  { title: 'PresenceStatus' }
)
export type PresenceStatus = Static<typeof PresenceStatus>

export const presenceFields = {
  user_id: Id,
  status: PresenceStatus,
  last_seen_at: Type.Optional(Time)
}

/** Whether someone is here. `last_seen_at` only for one who is offline, was here before, and does not hide it. */
export const Presence = Type.Object(presenceFields, { title: 'Presence', additionalProperties: false })
export type Presence = Static<typeof Presence>

/** Members who are online or away, by id. */
export const PresencePage = Type.Object(
  { items: Type.Array(Presence), next_cursor: Nullable(Type.String()) },
  { title: 'PresencePage', additionalProperties: false }
)
export type PresencePage = Static<typeof PresencePage>
