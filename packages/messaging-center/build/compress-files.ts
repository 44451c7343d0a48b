import { globSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** Below it a header costs what compression saves. */
const LEAST_BYTES = 512

/** Puts a `.br` and a `.gz` beside every text file, for servers that send those to whoever takes them. */
export async function compressFiles(folder: string): Promise<void> {
  await Promise.all(
    globSync('**/*.{html,js,css,svg,json,webmanifest}', { cwd: folder }).map(async (name) => {
      const path = join(folder, name)
      const text = await readFile(path)
      if (text.length < LEAST_BYTES) return
      await writeFile(`${path}.br`, await brotli(text))
      await writeFile(`${path}.gz`, await promisify(gzip)(text, { level: 9 }))
    })
  )
}

function brotli(text: Buffer): Promise<Buffer> {
  return promisify(brotliCompress)(text, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length
    }
  })
}
