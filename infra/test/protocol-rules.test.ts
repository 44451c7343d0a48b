// Every rule of docs/protocol.md is shown by a test whose name begins with its id (`DLV-1 DLV-2 …` shows two).
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '../..')
const protocol = readFileSync(join(root, 'docs/protocol.md'), 'utf8')
const rules = [...protocol.matchAll(/^- \*\*([A-Z]{3}-\d+)\*\*/gm)].map(([, id]) => id)

const shown = new Map<string, string[]>()
for (const file of globSync('{packages,services,infra}/**/test/**/*.test.ts', {
  cwd: root,
  exclude: ['**/node_modules/**']
}))
  for (const [, ids = ''] of readFileSync(join(root, file), 'utf8').matchAll(
    /\bt?\.test\(\s*['"`]((?:[A-Z]{3}-\d+,? )+)/g
  ))
    for (const id of ids.match(/[A-Z]{3}-\d+/g) ?? []) shown.set(id, [...(shown.get(id) ?? []), file])

t.test('each protocol rule has a test that begins with its id', async (t) => {
  t.equal(new Set(rules).size, rules.length, 'no id is given twice')
  t.strictSame(
    rules.filter((id) => id && !shown.has(id)),
    [],
    'rules without a test'
  )
})

t.test('no test names a rule that is not written down', async (t) => {
  t.strictSame(
    [...shown.keys()].filter((id) => !rules.includes(id)),
    []
  )
})
