/** Of times in milliseconds. */
export interface Percentiles {
  count: number
  p50: number
  p99: number
  max: number
}

/**
 * Percentiles of all samples together: those of parts cannot be averaged. The nearest rank; NaN where there are no samples.
 *
 * @example
 * const { p50, p99 } = percentilesOf([first.last_delivery_ms, second.last_delivery_ms])
 */
export function percentilesOf(parts: readonly (readonly number[])[]): Percentiles {
  const sorted = Float64Array.from(parts.flat()).sort()
  const at = (part: number) => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) }
}

/** The middle one, or the mean of the two in the middle; NaN of nothing. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}
