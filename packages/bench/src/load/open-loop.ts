import { setTimeout as delay } from 'node:timers/promises'
import { nowMicros } from '../clock.ts'

/** A timer's own coarseness: a send that comes this late counts from when it was sent, a later one from when it was due. */
const TICK_MICROS = 2_000

export interface Schedule {
  /** Sends a second. */
  rate: number
  count: number
}

export interface ScheduleReport {
  /** The latest that a send came after it was due, in milliseconds. */
  worst_lateness_ms: number
}

/** How many sends are due `elapsed` microseconds after the start. */
export function dueBy(elapsed: number, { rate, count }: Schedule): number {
  return Math.min(count, Math.floor((elapsed * rate) / 1_000_000) + 1)
}

/** The time that send `n`, due at `due` and sent at `now`, is stamped with. */
export function stampTime(due: number, now: number): number {
  return now - due <= TICK_MICROS ? now : due
}

/**
 * Sends on a schedule whatever the other side does: what a stall holds up is counted from when it was due.
 *
 * @example
 * await runOpenLoop({ rate: 1_000, count: 5_000 }, (n, micros) => socket.send(bodyOf(n, micros)))
 */
export async function runOpenLoop(
  schedule: Schedule,
  send: (n: number, stamp_micros: number) => void
): Promise<ScheduleReport> {
  const start = nowMicros()
  let worst = 0
  let n = 0
  while (n < schedule.count) {
    const now = nowMicros()
    for (const due_count = dueBy(now - start, schedule); n < due_count; n++) {
      const due = start + (n * 1_000_000) / schedule.rate
      worst = Math.max(worst, now - due)
      send(n, Math.floor(stampTime(due, now)))
    }
    // Not a millisecond at a time: a load of 3 sends/s would wake a core a thousand times a second.
    const idle_ms = (start + (n * 1_000_000) / schedule.rate - nowMicros()) / 1_000
    if (n < schedule.count) await delay(Math.max(1, Math.floor(idle_ms)))
  }
  return { worst_lateness_ms: worst / 1_000 }
}
