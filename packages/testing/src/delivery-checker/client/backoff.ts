const FIRST_MS = 100
const CAP_MS = 3_000

/** Full jitter over an exponential: between 0 and 100, 200, 400 … 3,000 ms. */
export function backoff(attempt: number, random: () => number): number {
  return random() * Math.min(CAP_MS, FIRST_MS * 2 ** attempt)
}
