import type { Client } from '@parley/client'
import { upload } from '@parley/client/uploads'
import type { Attachment } from '@parley/contracts'
import { uploadable } from './file-types.ts'

type Options = Parameters<typeof upload>[2]

/** Uploads a file that somebody chose, as one that the server takes. */
export function uploadFile(client: Client, file: File, options: Options): Promise<Attachment> {
  return upload(client, uploadable(file), options)
}
