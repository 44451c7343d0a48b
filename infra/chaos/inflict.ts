import { setTimeout as delay } from 'node:timers/promises'
import type { HistoryLog } from '@parley/testing'
import type { Fault, World } from './faults/fault.ts'
import { Random } from './random.ts'
import type { PlannedFault } from './schedule.ts'

/**
 * Inflicts every planned fault in its time, and resolves when all are over. A fault waits where an earlier one that touches the same
 * parts takes longer to end than was planned. Rejects when one cannot be begun or ended.
 */
export async function inflict(
  planned: readonly PlannedFault[],
  faults: readonly Fault[],
  world: World,
  log: HistoryLog
): Promise<void> {
  const begun = performance.now()
  const over = new Map<string, Promise<void>>()
  await Promise.all(
    planned.map((plan, n) => {
      const fault = faults.find(({ name }) => name === plan.name)
      if (!fault) throw new Error(`there is no fault ${plan.name}`)
      const before = fault.touches.map((part) => over.get(part) ?? Promise.resolve())
      const run = delay(Math.max(0, begun + plan.at_ms - performance.now()))
        .then(() => Promise.all(before))
        .then(() => inflictOne(fault, plan, n, world, log))
      for (const part of fault.touches) over.set(part, run)
      return run
    })
  )
}

async function inflictOne(
  { name, begin }: Fault,
  { duration_ms, seed }: PlannedFault,
  fault: number,
  world: World,
  log: HistoryLog
): Promise<void> {
  log.record({ type: 'fault', fault, name, phase: 'begin' })
  const end = await begin(world, new Random(seed))
  await delay(duration_ms)
  await end()
  log.record({ type: 'fault', fault, name, phase: 'end' })
}
