import { type Figures, figuresOf } from './figures.ts'
import type { HistoryRecord } from './history.ts'
import { ackTruth } from './invariants/ack-truth.ts'
import { complete } from './invariants/complete.ts'
import { deletes } from './invariants/deletes.ts'
import { exactlyOnce } from './invariants/exactly-once.ts'
import { lineSane } from './invariants/line-sane.ts'
import { liveness } from './invariants/liveness.ts'
import { noAcknowledgedLoss } from './invariants/no-acknowledged-loss.ts'
import { noLeak } from './invariants/no-leak.ts'
import { oneOrder } from './invariants/one-order.ts'
import { realTimeOrder } from './invariants/real-time-order.ts'
import { resources } from './invariants/resources.ts'
import { revocation } from './invariants/revocation.ts'
import { defaultTolerances, indexRun, type Tolerances } from './run.ts'
import type { Truth } from './truth.ts'
import type { Invariant, InvariantId, Violation } from './violation.ts'

const invariants: Record<InvariantId, Invariant> = {
  I1: lineSane,
  I2: noAcknowledgedLoss,
  I3: realTimeOrder,
  I4: exactlyOnce,
  I5: oneOrder,
  I6: complete,
  I7: noLeak,
  I8: revocation,
  I9: deletes,
  I10: ackTruth,
  I11: liveness,
  I12: resources
}

export interface Verdict {
  ok: boolean
  /** How many violations of each promise there are; promises that hold are left out. */
  violated: Partial<Record<InvariantId, number>>
  /** At most {@link KEPT} of each promise, with their evidence. */
  violations: Violation[]
  figures: Figures
}

const KEPT = 10

/**
 * Judges a run by what was recorded and what the database says. The promises I1 to I12 are those of
 * `docs/reliability.md`; `tolerances` are the times, in milliseconds, and the growth that are allowed.
 *
 * @example
 * const verdict = checkDelivery(log.records, await readTruth(postgres.url))
 * if (!verdict.ok) console.error(verdict.violations)
 */
export function checkDelivery(
  history: readonly HistoryRecord[],
  truth: Truth,
  tolerances: Partial<Tolerances> = {}
): Verdict {
  const run = indexRun(history, truth, { ...defaultTolerances, ...tolerances })
  const violated: Verdict['violated'] = {}
  const kept = new Map<InvariantId, number>()
  const violations: Violation[] = []
  for (const find of Object.values(invariants)) {
    for (const violation of find(run)) {
      const { invariant } = violation
      violated[invariant] = (violated[invariant] ?? 0) + 1
      const n = (kept.get(invariant) ?? 0) + 1
      kept.set(invariant, n)
      if (n <= KEPT) violations.push(violation)
    }
  }
  return { ok: violations.length === 0, violated, violations, figures: figuresOf(run) }
}
