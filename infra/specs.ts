// Writes what is generated from the schemas and routes in the code: docs/specs and the client's tables. With --check it only tells
// which file is not up to date.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { openApiDocument } from '@parley/conversation-api'
import { asyncApiDocument } from './specs/async-api.ts'
import { clientRoutes, clientTables } from './specs/client-wire.ts'

const root = join(import.meta.dirname, '..')

const json = (document: object) => `${JSON.stringify(document, null, 2)}\n`

const specs: Record<string, () => string | Promise<string>> = {
  'docs/specs/openapi.json': async () => json(await openApiDocument()),
  'docs/specs/asyncapi.json': () => json(asyncApiDocument()),
  'packages/client/src/wire/routes.ts': async () => clientRoutes(await openApiDocument()),
  'packages/client/src/wire/tables.ts': clientTables
}

const check = process.argv.includes('--check')
for (const [name, build] of Object.entries(specs)) {
  const path = join(root, name)
  const text = await build()
  if (text === (await readFile(path, 'utf8').catch(() => ''))) continue
  if (check) {
    console.error(`${name} is not up to date: run npm run specs`)
    process.exitCode = 1
    continue
  }
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  console.log(name)
}
