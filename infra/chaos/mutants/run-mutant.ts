import { setTimeout as delay } from 'node:timers/promises'
import { checkDelivery, HistoryLog, type Verdict } from '@parley/testing'
import { Activity } from '../load/activity.ts'
import { changeMembership } from '../load/membership-activity.ts'
import { Population } from '../load/population.ts'
import { replaceSession } from '../load/session-activity.ts'
import { Random } from '../random.ts'
import { settle } from '../settle.ts'
import type { Mutant } from './mutant.ts'
import { startSmallParley } from './small-parley.ts'

const RATE = 200
/** A mutant may never settle: it has ten beats for it. The correct one does, however busy the machine. */
const SETTLE_MS = 2_500
const SETTLE_CORRECT_MS = 30_000
/** A simple client's send whose answer was lost is never answered, and is given up after this. */
const PATIENCE_MS = 5_000

/** A few seconds of load on a small Parley, mutated or correct, and what the checker says of it. */
export async function runMutant(
  databaseUrl: string,
  mutant: Mutant | undefined,
  seed: number
): Promise<Verdict> {
  const random = new Random(seed)
  const log = new HistoryLog()
  const parley = await startSmallParley({ databaseUrl, mutant, random, log })
  let population: Population | undefined
  try {
    const { addresses } = parley
    const patience = { patience_ms: PATIENCE_MS, attempt_ms: 2_000 }
    population = await Population.begin({ log, addresses, random, people: 5, rooms: 2, ...patience })
    const activity = new Activity(population, RATE)
    activity.start()
    await delay(300)
    await replaceSession(population)
    for (let n = 0; n < 8; n++) await changeMembership(population)
    await delay(500)
    for (const client of population.controllable()) client.breakConnections()
    await delay(1_500)
    parley.forget()
    await delay(300)
    await activity.stop()
    const timeout_ms = mutant ? SETTLE_MS : SETTLE_CORRECT_MS
    const { history, truth } = await settle(population, databaseUrl, timeout_ms)
    return checkDelivery(history, truth)
  } finally {
    await population?.stop()
    await parley.close()
  }
}
