import type { RunReport } from '../load/load-plan.ts'
import { cpuSeconds } from '../machine/process-usage.ts'
import { percentilesOf } from '../runner/percentiles.ts'
import type { Contender, Outcome } from '../runner/scenario.ts'
import type { ChatSystem, RunningProcess } from '../systems/chat-system.ts'

export function contenderOf(
  { name, lacks, whyMissing }: ChatSystem,
  measure: Contender['measure']
): Contender {
  return { name, lacks, whyMissing, measure }
}

/** Why no rate or latency of this run may be given; undefined where every copy arrived exactly once. */
export function whyRefused(run: RunReport): string | undefined {
  if (run.errors > 0) return `${run.errors} error frames, the first: ${run.first_error}`
  if (run.closed_sockets > 0) return `${run.closed_sockets} sockets were closed`
  if (run.sent === 0) return 'nothing was sent'
  if (run.delivered < run.expected) return `delivered ${deliveredPercent(run).toFixed(2)} %`
  if (run.excess > 0 || run.uneven_sockets > 0) return `${run.excess} copies too many`
  return undefined
}

export function deliveredPercent({ delivered, expected }: RunReport): number {
  return expected === 0 ? 0 : (delivered / expected) * 100
}

/** The CPU seconds each process uses while `work` is done. */
export async function withCpu<T>(
  processes: readonly RunningProcess[],
  work: () => Promise<T>
): Promise<{ result: T; cpu: Record<string, number> }> {
  const before = processes.map(({ pid }) => cpuSeconds(pid))
  const result = await work()
  const cpu = Object.fromEntries(
    processes.map(({ name, pid }, n) => [name, cpuSeconds(pid) - (before[n] ?? 0)] as const)
  )
  return { result, cpu }
}

/** A run for the raw results: counts, percentiles, and the samples themselves. */
export function detailsOf(run: RunReport, cpu: Record<string, number>) {
  const { last_delivery_ms, ack_ms, ...counts } = run
  return {
    ...counts,
    delivered_percent: deliveredPercent(run),
    frames_per_read: run.reads > 0 ? run.delivered / run.reads : 0,
    last_delivery: percentilesOf([last_delivery_ms]),
    ack: percentilesOf([ack_ms]),
    cpu,
    samples: { last_delivery_ms, ack_ms }
  }
}

/** Parts of one run as one outcome. */
export function mergeOutcomes(outcomes: readonly Outcome[]): Outcome {
  const refused = outcomes.flatMap((outcome) => outcome.refused ?? []).join('; ')
  return {
    values: Object.assign({}, ...outcomes.map(({ values }) => values)) as Record<string, number>,
    ...(refused ? { refused } : {}),
    details: Object.assign({}, ...outcomes.map(({ details }) => details)) as unknown
  }
}
