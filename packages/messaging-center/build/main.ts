// node packages/messaging-center/build/main.ts FOLDER: builds the site into that folder, which need not be there.
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'
import { bundles } from './bundles.ts'
import { compressFiles } from './compress-files.ts'

const [folder] = process.argv.slice(2)
if (folder) {
  for (const bundle of bundles) await build({ ...bundle, build: { ...bundle.build, outDir: folder } })
  // As deep as it was, so that its addresses still lead where they led.
  await rename(join(folder, 'test-page'), join(folder, 'test'))
  await compressFiles(folder)
} else {
  console.error('usage: node packages/messaging-center/build/main.ts FOLDER')
  process.exitCode = 1
}
