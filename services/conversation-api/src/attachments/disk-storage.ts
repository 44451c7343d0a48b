import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ProblemError } from '@parley/contracts'
import type { FileStorage } from './file-storage.ts'

/** Files in a folder, spread over 256 below it. The folder is shared by all instances of the service. */
export function diskStorage(folder: string): FileStorage {
  // Ids of version 7 begin with the time: their end spreads evenly.
  const pathOf = (key: string) => join(folder, key.slice(34, 36), key)
  return {
    async put(key, { path }) {
      const target = pathOf(key)
      await mkdir(dirname(target), { recursive: true })
      await sync(path)
      await rename(path, target)
      await sync(dirname(target))
      await sync(folder)
    },
    async read(key, range) {
      const stream = createReadStream(pathOf(key), range)
      await new Promise<void>((resolve, reject) => {
        stream.once('open', () => resolve())
        stream.once('error', (error: NodeJS.ErrnoException) =>
          reject(error.code === 'ENOENT' ? new ProblemError('not_found') : error)
        )
      })
      return stream
    },
    remove: (key) => rm(pathOf(key), { force: true })
  }
}

/** Onto the disk: a file's bytes, or a folder's names. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
