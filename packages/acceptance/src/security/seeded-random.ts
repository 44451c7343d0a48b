/** Random choices that a seed repeats. */
export interface SeededRandom {
  /** A whole number from 0 to `below - 1`. */
  below(below: number): number
  /** True in so many of a hundred cases. */
  chance(percent: number): boolean
  pick<T>(from: readonly [T, ...T[]]): T
  bytes(length: number): Buffer
}

/**
 * Mulberry32: small, fast and good enough to choose test input.
 *
 * @example
 * const random = seededRandom(7)
 * random.pick(['text', 'binary'])
 */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    chance: (percent) => next() * 100 < percent,
    pick: (from) => from[below(from.length)] ?? from[0],
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256)))
  }
}
