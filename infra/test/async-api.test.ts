// The committed AsyncAPI document is what the contracts say now, and valid.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Parser } from '@asyncapi/parser'
import { clientFrames, durableFrames } from '@parley/contracts'
import t from 'tap'
import { asyncApiDocument } from '../specs/async-api.ts'

const committed = readFileSync(join(import.meta.dirname, '../../docs/specs/asyncapi.json'), 'utf8')

t.test('docs/specs/asyncapi.json is generated from the contracts', async (t) => {
  t.strictSame(JSON.parse(committed), JSON.parse(JSON.stringify(asyncApiDocument())))
})

t.test('it is a valid AsyncAPI 3.0 document that names every frame', async (t) => {
  const { document, diagnostics } = await new Parser().parse(committed)
  t.strictSame(
    diagnostics
      .filter(({ severity }) => severity === 0)
      .map(({ message, path }) => [message, path.join('.')]),
    []
  )
  const names = document
    ?.messages()
    .all()
    .map((message) => message.name())
  for (const name of [...Object.keys(clientFrames), ...Object.keys(durableFrames)])
    t.ok(names?.includes(name), name)
})
