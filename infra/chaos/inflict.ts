import { setTimeout as delay } from 'node:timers/promises'
import type { HistoryLog } from '@parley/testing'
import type { Fault, World } from './faults/fault.ts'
import { Random } from './random.ts'
import type { PlannedFault } from './schedule.ts'

/** Inflicts every planned fault in its time, and resolves when all are over. Rejects when one cannot be begun or ended. */
export async function inflict(
  planned: readonly PlannedFault[],
  faults: readonly Fault[],
  world: World,
  log: HistoryLog
): Promise<void> {
  const begun = performance.now()
  await Promise.all(
    planned.map(async ({ name, at_ms, duration_ms, seed }, n) => {
      const fault = faults.find((one) => one.name === name)
      if (!fault) throw new Error(`there is no fault ${name}`)
      await delay(Math.max(0, begun + at_ms - performance.now()))
      log.record({ type: 'fault', fault: n, name, phase: 'begin' })
      const end = await fault.begin(world, new Random(seed))
      await delay(duration_ms)
      await end()
      log.record({ type: 'fault', fault: n, name, phase: 'end' })
    })
  )
}
