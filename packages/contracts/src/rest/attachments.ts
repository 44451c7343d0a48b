import { type Static, Type } from '@sinclair/typebox'
import { limits } from '../common/limits.ts'
import { Id } from '../common/scalars.ts'
import { FileName } from '../common/text.ts'

/** A file of a message, or one that waits for its message. Pictures have their size in pixels, and most a thumbnail. */
export const Attachment = Type.Object(
  {
    id: Id,
    name: Type.String(),
    type: Type.String({ description: 'As declared by the uploader and found in the bytes' }),
    size: Type.Integer({ description: 'Bytes' }),
    width: Type.Optional(Type.Integer()),
    height: Type.Optional(Type.Integer()),
    thumbnail: Type.Optional(Type.Literal(true))
  },
  { title: 'Attachment', additionalProperties: false }
)
export type Attachment = Static<typeof Attachment>

export const UploadQuery = Type.Object(
  { name: FileName },
  { title: 'UploadQuery', additionalProperties: false }
)
export type UploadQuery = Static<typeof UploadQuery>

/** `download` asks for a file to save, whatever its type. */
export const FileQuery = Type.Object(
  { download: Type.Optional(Type.Boolean()) },
  { title: 'FileQuery', additionalProperties: false }
)
export type FileQuery = Static<typeof FileQuery>

/** Files that go with a message, in the order in which they are shown. */
export const AttachmentIds = Type.Array(Id, {
  title: 'AttachmentIds',
  minItems: 1,
  maxItems: limits.attachments_per_message,
  uniqueItems: true
})
