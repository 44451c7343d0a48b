const FIRST_MS = 250
const LAST_MS = 10_000

/** Before a failed batch comes again: doubles with each delivery, so that one that always fails does not take all there is. */
export function retryDelay(deliveries: number): number {
  return Math.min(FIRST_MS * 2 ** (deliveries - 1), LAST_MS)
}
