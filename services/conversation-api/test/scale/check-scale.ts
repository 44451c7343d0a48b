import type { Test } from 'tap'
import { database } from '../core-harness.ts'
import { fill, type Sizes } from './large-database.ts'
import { firstPages } from './list-checks.ts'
import { type Plan, plansOf } from './plans.ts'

/** What a first page may take in Postgres. */
const LIMIT_MS = 20
/** Someone else may have the machine: it is asked again for so long, and the quickest answer counts. */
const PATIENCE_MS = 20_000

/** Holds every list's first page against a large database: no table is read through, and Postgres takes under 20 ms. */
export async function checkScale(t: Test, sizes: Sizes): Promise<void> {
  const { pool } = await database(t)
  const large = await fill(pool, sizes)
  for (const [name, ask] of Object.entries(firstPages(large)))
    t.test(`${name}: no scan, and under ${LIMIT_MS} ms`, async (t) => {
      let plans: Plan[] = await plansOf(pool, ask)
      for (
        const begin = performance.now();
        sum(plans) >= LIMIT_MS && performance.now() - begin < PATIENCE_MS;
      ) {
        const more = await plansOf(pool, ask)
        if (sum(more) < sum(plans)) plans = more
      }
      t.ok(plans.length > 0)
      t.strictSame(
        plans.flatMap(({ scanned }) => scanned),
        [],
        plans.map(({ text }) => text).join('\n')
      )
      t.ok(sum(plans) < LIMIT_MS, `${sum(plans).toFixed(1)} ms`)
    })
}

function sum(plans: Plan[]): number {
  return plans.reduce((ms, { execution_ms }) => ms + execution_ms, 0)
}
