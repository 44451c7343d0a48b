import type { Readable } from 'node:stream'

/** The first and last byte, both included. */
export interface ByteRange {
  start: number
  end: number
}

export interface StoredFile {
  /** Where its bytes are; the storage may take the file away. */
  path: string
  type: string
}

/**
 * Keeps files by key. What `put` has resolved survives a crash. Keys are made of letters, digits, `-` and `.`, and never used twice.
 * Failures are `unavailable`; a file that is not there is `not_found`.
 *
 * @example
 * await storage.put(id, { path, type: 'image/png' })
 * const stream = await storage.read(id, { start: 0, end: 99 })
 */
export interface FileStorage {
  put(key: string, file: StoredFile): Promise<void>
  read(key: string, range?: ByteRange): Promise<Readable>
  /** Resolves also where there is no such file. */
  remove(key: string): Promise<void>
}
