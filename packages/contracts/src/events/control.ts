import { type Static, Type } from '@sinclair/typebox'
import { Id, Seq } from '../common/scalars.ts'
import { validator } from '../common/validator.ts'

/** What the api tells the gateways about one user over `user.<id>`; the beat repeats what is lost. */
export const UserControl = Type.Union(
  [
    Type.Object({ type: Type.Literal('session_ended'), session_id: Id }, { additionalProperties: false }),
    Type.Object(
      { type: Type.Literal('rooms_changed'), rooms_version: Type.Integer() },
      { additionalProperties: false }
    ),
    Type.Object(
      { type: Type.Literal('read'), conversation_id: Id, read_seq: Seq },
      { additionalProperties: false }
    ),
    Type.Object(
      { type: Type.Literal('thread_read'), conversation_id: Id, thread_id: Id, read_seq: Seq },
      { additionalProperties: false }
    )
  ],
  { title: 'UserControl' }
)
export type UserControl = Static<typeof UserControl>

const isUserControl = validator(UserControl)

export function encodeControl(control: UserControl): Buffer {
  return Buffer.from(JSON.stringify(control))
}

/** Undefined for bytes that are no {@link UserControl}: what comes over the bus is not trusted. */
export function decodeControl(bytes: Uint8Array): UserControl | undefined {
  try {
    const value: unknown = JSON.parse(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
    )
    return isUserControl(value) ? value : undefined
  } catch {
    return undefined
  }
}
