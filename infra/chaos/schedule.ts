import type { Fault } from './faults/fault.ts'
import { Random } from './random.ts'

export interface PlannedFault {
  name: string
  /** Milliseconds from the begin of the load. */
  at_ms: number
  duration_ms: number
  /** For the choices that are made when it begins. */
  seed: number
}

const WARM_UP_MS = 4_000
/** Between the begins of two faults that have nothing to do with each other. */
const APART_MS = [1_500, 6_000] as const
/** After a fault, until one that touches the same parts. */
const RECOVERY_MS = 5_000

/**
 * What goes wrong when: a pure function of the seed, the length in milliseconds and the faults to choose from. The faults are dealt
 * like cards: each comes once before one comes again.
 */
export function planFaults(seed: number, length_ms: number, faults: readonly Fault[]): PlannedFault[] {
  const random = new Random(seed)
  const planned: PlannedFault[] = []
  const free_at = new Map<string, number>()
  let deck: Fault[] = []
  let at_ms = WARM_UP_MS
  while (at_ms < length_ms && faults.length > 0) {
    if (deck.length === 0) deck = random.shuffle(faults)
    const place = deck.findIndex(({ touches }) => touches.every((part) => (free_at.get(part) ?? 0) <= at_ms))
    const [fault] = place < 0 ? [] : deck.splice(place, 1)
    if (fault) {
      const [least, most] = fault.seconds
      const duration_ms = Math.round((least + random.next() * (most - least)) * 1_000)
      planned.push({ name: fault.name, at_ms, duration_ms, seed: random.int(0, 2 ** 31) })
      for (const part of fault.touches) free_at.set(part, at_ms + duration_ms + RECOVERY_MS)
    }
    at_ms += random.int(...APART_MS)
  }
  return planned.filter((one) => one.at_ms + one.duration_ms <= length_ms)
}
