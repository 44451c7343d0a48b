// Writes docs/specs from the schemas and routes in the code; with --check it only tells which file is not up to date.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { openApiDocument } from '@parley/conversation-api'
import { asyncApiDocument } from './specs/async-api.ts'

const folder = join(import.meta.dirname, '../docs/specs')

const specs: Record<string, () => object | Promise<object>> = {
  'openapi.json': openApiDocument,
  'asyncapi.json': asyncApiDocument
}

const check = process.argv.includes('--check')
for (const [name, build] of Object.entries(specs)) {
  const path = join(folder, name)
  const text = `${JSON.stringify(await build(), null, 2)}\n`
  if (text === (await readFile(path, 'utf8').catch(() => ''))) continue
  if (check) {
    console.error(`docs/specs/${name} is not up to date: run npm run specs`)
    process.exitCode = 1
    continue
  }
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  console.log(`docs/specs/${name}`)
}
