import { type Static, Type } from '@sinclair/typebox'
import { Id, Nullable, Time } from '../common/scalars.ts'
import { User } from './users.ts'

/** What still notifies of a muted conversation, and until when it is muted; null: until it is taken back. */
export const Mute = Type.Object(
  { keep: Type.Union([Type.Literal('nothing'), Type.Literal('mentions')]), until: Nullable(Time) },
  { title: 'Mute', additionalProperties: false }
)
export type Mute = Static<typeof Mute>

/** All optional: without a body nothing notifies, until it is taken back. */
export const NewMute = Type.Partial(Mute, { title: 'NewMute', additionalProperties: false })
export type NewMute = Static<typeof NewMute>

/** Those I blocked, by id. */
export const BlockPage = Type.Object(
  { items: Type.Array(User), next_cursor: Nullable(Type.String()) },
  { title: 'BlockPage', additionalProperties: false }
)
export type BlockPage = Static<typeof BlockPage>

export const OnUser = Type.Object({ user_id: Id })
