import { migrate } from '@parley/conversation-api'
import { hashOfFolder, testDatabase, type Verdict } from '@parley/testing'
import t, { type Test } from 'tap'
import type { Mutant } from '../../chaos/mutants/mutant.ts'
import { runMutant } from '../../chaos/mutants/run-mutant.ts'

const migrations = new URL('../../../services/conversation-api/migrations', import.meta.url)
/** A mutant that luck hid from the first seed is looked for with the next. */
const seeds = [7, 8, 9] as const
const verdicts: string[] = []

/** The delivery checker is worth what it catches: each of these is run as the correct Parley is, and must be found out. */
export function catches(mutants: readonly Mutant[]): void {
  t.setTimeout(600_000)
  for (const mutant of mutants) {
    t.test(`caught: ${mutant.name}`, async (t) => {
      const seen: Verdict['violated'][] = []
      for (const seed of seeds) {
        const { violated } = await run(t, mutant, seed)
        seen.push(violated)
        if (mutant.breaks.some((promise) => violated[promise])) return t.pass(`seed ${seed}`)
      }
      return t.fail(`none of ${mutant.breaks.join(', ')} is violated: ${JSON.stringify(seen)}`)
    })
  }
  t.teardown(() => {
    t.comment(['mutant → verdict', ...verdicts].join('\n'))
    console.error(['mutant → verdict', ...verdicts].map((line) => `  ${line}`).join('\n'))
  })
}

/** Where nothing is wrong nothing is found. */
export function acquits(): void {
  t.test('without a mutation every promise holds', async (t) => {
    const { violations, figures } = await run(t, undefined, seeds[0])
    t.same(violations, [])
    t.ok(figures.acknowledged > 100, `${figures.acknowledged} sends were acknowledged`)
  })
}

async function run(t: Test, mutant: Mutant | undefined, seed: number): Promise<Verdict> {
  const { url } = await testDatabase(t, {
    templateName: await hashOfFolder(migrations),
    migrate: async (empty) => void (await migrate(empty))
  })
  const verdict = await runMutant(url, mutant, seed)
  const broken = Object.entries(verdict.violated).map(([promise, n]) => `${promise} (${n})`)
  const { acknowledged } = verdict.figures
  verdicts.push(
    `${(mutant?.name ?? 'none').padEnd(38)} ${broken.join(', ') || 'holds'}  [${acknowledged} acknowledged]`
  )
  return verdict
}
