import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { measureApart } from '../src/runner/measure-apart.ts'

const main = join(import.meta.dirname, 'fixtures/measure.ts')

t.test('a measurement in a process of its own ends, whatever it does, and leaves nothing', async (t) => {
  const folders: string[] = []
  const measure = (contender: string, limit_ms = 30_000) =>
    measureApart(
      { scenario: 'any', contender },
      { seconds: 7, log: (folder) => folders.push(folder) },
      limit_ms,
      main
    )
  t.strictSame(await measure('quick'), { values: { seconds: 7 } })
  await t.rejects(measure('failing'), { message: 'it fell over' })
  await t.rejects(measure('dying'), { message: 'the measurement ended with 3' })
  await t.rejects(measure('hanging', 1_500), { message: 'not done within 2 s' })
  t.ok(folders.length >= 3)
  t.strictSame(folders.filter(existsSync), [])
})
