/**
 * Uploads that tell how far they are, for browsers: `fetch` cannot say.
 *
 * @example
 * const { id } = await upload(parley, file, { progress: (done) => (bar.value = done), signal })
 * parley.conversation(conversation_id).send({ body: 'Look', attachment_ids: [id] })
 */
import type { Attachment } from '@parley/contracts'
import type { Client } from '../client.ts'
import { fetchWithProgress } from './fetch-with-progress.ts'

export interface UploadOptions {
  /** What it is called. Default: the file's own name. */
  name?: string
  /** Gives up; what was uploaded leaves nothing. */
  signal?: AbortSignal
  /** How much of it is sent, from 0 to 1. At 1 the server still looks at it. */
  progress?: (done: number) => void
}

/**
 * Uploads a file for a message to come, in whatever time it takes. Rejects with a `ParleyError`: `file_type_refused`,
 * `file_type_mismatch`, `payload_too_large`, `image_too_large`, `quota_exceeded`, `network`; or as the signal says.
 */
export function upload(
  client: Pick<Client, 'rest'>,
  file: File,
  { name = file.name, signal, progress }: UploadOptions = {}
): Promise<Attachment> {
  // A type nobody knows is sent as none.
  const body = file.type ? file : new Blob([file], { type: 'application/octet-stream' })
  const options = { body, timeout_ms: Infinity, fetch: fetchWithProgress(progress) }
  return client.rest('POST attachments/', { name }, signal ? { ...options, signal } : options)
}
