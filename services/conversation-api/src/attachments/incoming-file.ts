import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { ProblemError } from '@parley/contracts'
import { HEAD_BYTES } from './file-types.ts'

export interface IncomingFile {
  path: string
  size: number
  /** Its first bytes. */
  head: Buffer
}

/**
 * Gathers an upload in a file of its own. Nothing is left where it is cut (`bad_request`), empty, or has more than `limit` bytes
 * (`payload_too_large`): then the rest is read and dropped, so that the sender gets to read the answer.
 */
export async function receiveFile(
  stream: Readable,
  { folder, limit }: { folder: string; limit: number }
): Promise<IncomingFile> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, randomUUID())
  const handle = await open(path, 'wx+', 0o600)
  try {
    let size = 0
    for await (const chunk of whole(stream)) {
      size += chunk.length
      if (size <= limit) await handle.write(chunk)
    }
    if (size > limit) throw new ProblemError('payload_too_large')
    if (size === 0) throw new ProblemError('bad_request', { detail: 'The file is empty' })
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return { path, size, head: buffer.subarray(0, bytesRead) }
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await handle.close()
  }
}

async function* whole(stream: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield chunk as Buffer
  } catch {
    throw new ProblemError('bad_request', { detail: 'The upload was cut' })
  }
}

/** Removes what a crash left behind. */
export async function sweepIncoming(folder: string, older_than_ms: number): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (found && Date.now() - found.mtimeMs > older_than_ms) await rm(path, { force: true })
  }
}
