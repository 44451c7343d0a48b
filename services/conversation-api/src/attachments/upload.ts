import { randomUUIDv7 } from 'node:crypto'
import { rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { type Attachment, limits, ProblemError } from '@parley/contracts'
import type { Kysely } from 'kysely'
import type { Database } from '../database/database.ts'
import { insertAttachment, markStored, toAttachment, usedBytes } from './attachment-store.ts'
import type { FileStorage } from './file-storage.ts'
import { acceptedType, isOfType, isPicture } from './file-types.ts'
import { receiveFile } from './incoming-file.ts'
import { readPicture } from './picture.ts'

export interface UploadContext {
  db: Kysely<Database>
  files: { storage: FileStorage; incoming: string }
}

export interface Upload {
  user_id: string
  name: string
  /** The `Content-Type` header. */
  content_type: string | undefined
  /** The `Content-Length` header, if there is one. */
  content_length: number
  stream: Readable
}

/** The key of a file's thumbnail. */
export const thumbnailOf = (id: string) => `${id}.thumbnail`

/**
 * Takes a file in for a message to come. Throws `file_type_refused`, `file_type_mismatch`, `payload_too_large`, `image_too_large`,
 * `quota_exceeded`, `bad_request` where it is empty or cut; then nothing of it is kept.
 */
export async function upload(context: UploadContext, upload: Upload): Promise<Attachment> {
  const { user_id, name, stream } = upload
  const type = acceptedType(upload.content_type)
  if (type === undefined) throw new ProblemError('file_type_refused')
  if (upload.content_length > limits.attachment_bytes) throw new ProblemError('payload_too_large')
  const room = limits.attachments_user_bytes - (await usedBytes(context.db, user_id))
  if (room <= 0 || upload.content_length > room) throw new ProblemError('quota_exceeded')
  const { incoming } = context.files
  const file = await receiveFile(stream, { folder: incoming, limit: limits.attachment_bytes })
  const thumbnail_path = thumbnailOf(file.path)
  try {
    if (!isOfType(type, file.head)) throw new ProblemError('file_type_mismatch')
    const picture = isPicture(type) ? await readPicture(file.path, type, thumbnail_path) : undefined
    const { width = null, height = null } = picture ?? {}
    const size = { size: file.size, width, height, thumbnail: picture !== undefined }
    const id = randomUUIDv7()
    const attachment = { id, file_id: id, uploader_id: user_id, name, type, ...size }
    await insertAttachment(context.db, attachment)
    await store(context, attachment, file.path)
    return toAttachment({ ...attachment, conversation_id: null, message_id: null })
  } finally {
    await Promise.all([file.path, thumbnail_path].map((path) => rm(path, { force: true })))
  }
}

async function store(
  { db, files: { storage } }: UploadContext,
  { id, type, thumbnail }: { id: string; type: string; thumbnail: boolean },
  path: string
): Promise<void> {
  try {
    if (thumbnail) await storage.put(thumbnailOf(id), { path: thumbnailOf(path), type: 'image/webp' })
    await storage.put(id, { path, type })
    await markStored(db, id)
  } catch (error) {
    // The sweeper takes back what was stored of it. Should this fail too, it does so when the upload has become an orphan.
    await db
      .deleteFrom('attachments')
      .where('id', '=', id)
      .execute()
      .catch(() => undefined)
    throw error
  }
}
