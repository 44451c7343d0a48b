import { liveSubscriptions, reachedAt } from './invariants/complete.ts'
import type { OperationKind } from './history.ts'
import { type Percentiles, percentiles } from './percentiles.ts'
import { isDurable } from './replay.ts'
import type { Run } from './run.ts'

/** What a run did, beside whether it was right. Times are milliseconds. */
export interface Figures {
  operations: Partial<Record<OperationKind, { ok: number; fail: number; unknown: number }>>
  /** Sends that were acknowledged. */
  acknowledged: number
  /** Durable frames that reached an app: applied by the client's rule. */
  delivered: number
  duplicates_on_the_wire: number
  duplicates_in_the_app: number
  sockets: number
  close_codes: Record<string, number>
  /** From a send's first attempt to each app that has it. */
  delivery_ms: Percentiles
  /** From a fault's end until each live subscriber had what was acknowledged before that, where no other fault was on meanwhile. */
  recovery_ms: Percentiles
  recovery_by_fault: Record<string, Percentiles>
  /** Each fault that was inflicted and ended, and how long it lasted. */
  faults: { name: string; lasted_ms: number }[]
}

export function figuresOf(run: Run): Figures {
  const applied = run.replay.steps.filter(({ verdict }) => verdict === 'apply')
  const recovery = recoveryTimes(run)
  return {
    operations: outcomesOf(run),
    acknowledged: run.operations.filter(({ kind, outcome }) => kind === 'send' && outcome === 'ok').length,
    delivered: applied.length,
    duplicates_on_the_wire: run.replay.steps.filter(({ verdict }) => verdict === 'drop').length,
    duplicates_in_the_app: run.replay.steps.filter(({ repeats }) => repeats).length,
    sockets: run.sockets.size,
    close_codes: Object.fromEntries(
      [...Map.groupBy(run.sockets.values(), ({ code }) => code ?? 'open')].map(([code, { length }]) => [
        code,
        length
      ])
    ),
    delivery_ms: percentiles(deliveryTimes(run)),
    recovery_ms: percentiles([...recovery.values()].flat()),
    recovery_by_fault: Object.fromEntries([...recovery].map(([fault, times]) => [fault, percentiles(times)])),
    faults: run.faults
      .filter(({ end }) => Number.isFinite(end))
      .map(({ name, begin, end }) => ({ name, lasted_ms: Math.round(end - begin) }))
  }
}

function outcomesOf({ operations }: Run): Figures['operations'] {
  const outcomes: Figures['operations'] = {}
  for (const { kind, outcome } of operations) {
    const counts = (outcomes[kind] ??= { ok: 0, fail: 0, unknown: 0 })
    counts[outcome]++
  }
  return outcomes
}

function deliveryTimes({ replay, sendOf }: Run): number[] {
  return replay.steps.flatMap(({ verdict, frame }) => {
    const send =
      frame.frame === 'message' && verdict === 'apply' ? sendOf.get(frame.subject ?? '') : undefined
    // Replays of what was said long ago are not deliveries of it.
    return send && isDurable(frame) && frame.prev === frame.seq - 1 ? [frame.at - send.at] : []
  })
}

function recoveryTimes(run: Run): Map<string, number[]> {
  const live = liveSubscriptions(run)
  const views = run.replay.views.filter(({ client, conversation }) => live.has(`${client} ${conversation}`))
  const times = new Map<string, number[]>()
  for (const { name, end } of run.faults) {
    if (end === Number.POSITIVE_INFINITY) continue
    const heads = acknowledgedBy(run, end)
    for (const view of views) {
      const target = heads.get(view.conversation)
      const began = view.steps[0]?.at ?? Number.POSITIVE_INFINITY
      if (target === undefined || began > end) continue
      const at = reachedAt(view, target)
      if (at === undefined || othersMeanwhile(run, name, end, at)) continue
      const mine = times.get(name) ?? []
      times.set(name, mine)
      mine.push(Math.max(0, at - end))
    }
  }
  return times
}

function othersMeanwhile({ faults }: Run, name: string, from: number, to: number): boolean {
  return faults.some((other) => other.name !== name && other.begin <= to && other.end >= from)
}

/** By conversation, the highest place acknowledged until then. */
function acknowledgedBy({ operations }: Run, time: number): Map<string, number> {
  const heads = new Map<string, number>()
  for (const { conversation, outcome, end } of operations) {
    if (outcome !== 'ok' || !conversation || end?.seq === undefined || end.at > time) continue
    heads.set(conversation, Math.max(end.seq, heads.get(conversation) ?? 0))
  }
  return heads
}
