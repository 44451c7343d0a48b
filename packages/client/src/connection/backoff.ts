const FIRST_MS = 1_000
const CAP_MS = 30_000

/**
 * Full jitter: anything from 0 to 1, 2, 4 … 30 seconds, the first time too, so that the clients of a server that went away come
 * back spread over time. Never earlier than the server allows.
 */
export function backoff(attempt: number, random: () => number, least_ms = 0): number {
  return least_ms + random() * Math.min(CAP_MS, FIRST_MS * 2 ** attempt)
}
