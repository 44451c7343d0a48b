import { type Static, Type } from '@sinclair/typebox'
import { Id } from '../common/scalars.ts'

export const User = Type.Object(
  { id: Id, username: Type.String(), display_name: Type.String() },
  { title: 'User', additionalProperties: false }
)
export type User = Static<typeof User>
