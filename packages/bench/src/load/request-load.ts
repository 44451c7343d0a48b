import { setTimeout as delay } from 'node:timers/promises'
import { nowMicros } from '../clock.ts'
import { runOpenLoop } from './open-loop.ts'

export type RequestPlan = { seconds: number } & (
  | { kind: 'open'; rate: number }
  | { kind: 'window'; in_flight: number }
)

export interface RequestReport {
  sent: number
  answered: number
  failed: number
  first_failure: string | undefined
  /** From the first request to the last answer. */
  seconds: number
  /** From due to answered, in milliseconds. */
  latency_ms: number[]
  worst_lateness_ms: number
  /** This process's: it makes the requests. */
  cpu_seconds: number
}

/**
 * Drives `request`, on a schedule or with so many in flight.
 *
 * @example
 * await runRequests({ kind: 'open', rate: 500, seconds: 5 }, (n) => post(bodyOf(n)))
 */
export async function runRequests(
  plan: RequestPlan,
  request: (n: number) => Promise<unknown>
): Promise<RequestReport> {
  const pending = new Set<Promise<void>>()
  const start = nowMicros()
  const cpu = process.cpuUsage()
  const report = { sent: 0, answered: 0, failed: 0, latency_ms: new Array<number>() }
  let first_failure: string | undefined
  let last_answer = start
  let worst_lateness_ms = 0

  const one = async (due: number) => {
    try {
      await request(report.sent++)
      report.answered++
      last_answer = nowMicros()
      report.latency_ms.push((last_answer - due) / 1_000)
    } catch (error) {
      report.failed++
      first_failure ??= error instanceof Error ? error.message : String(error)
    }
  }
  const launch = (due: number) => {
    const work = one(due).finally(() => pending.delete(work))
    pending.add(work)
  }

  if (plan.kind === 'open') {
    const schedule = { rate: plan.rate, count: Math.round(plan.rate * plan.seconds) }
    ;({ worst_lateness_ms } = await runOpenLoop(schedule, (_n, due) => launch(due)))
  } else {
    const until = performance.now() + plan.seconds * 1_000
    const chain = async () => {
      while (performance.now() < until) await one(nowMicros())
    }
    await Promise.all(Array.from({ length: plan.in_flight }, chain))
  }
  while (pending.size > 0) await Promise.race([Promise.all(pending), delay(100)])
  const { user, system } = process.cpuUsage(cpu)
  return {
    ...report,
    first_failure,
    seconds: (last_answer - start) / 1_000_000,
    worst_lateness_ms,
    cpu_seconds: (user + system) / 1_000_000
  }
}
