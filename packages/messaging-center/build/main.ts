// node packages/messaging-center/build/main.ts FOLDER: builds into that folder, which loses what it had.
import { join } from 'node:path'
import { build } from 'vite'
import { compressFiles } from './compress-files.ts'

const [folder] = process.argv.slice(2)
if (folder) {
  await build({
    configFile: join(import.meta.dirname, '../vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: folder }
  })
  await compressFiles(folder)
} else {
  console.error('usage: node packages/messaging-center/build/main.ts FOLDER')
  process.exitCode = 1
}
