import type { IncomingHttpHeaders } from 'node:http'

/** What a system under overload answers instead of doing it. */
export class Refusal extends Error {
  /** When to try again, if it said so. */
  readonly retry_after_ms: number | undefined

  constructor(code: string, retry_after_ms: number | undefined) {
    super(code)
    this.retry_after_ms = retry_after_ms
  }
}

/** Of an answer's `Retry-After`, in milliseconds. */
export function retryAfterMs(headers: IncomingHttpHeaders): number | undefined {
  const seconds = Number(headers['retry-after'])
  return seconds > 0 ? seconds * 1_000 : undefined
}

export interface RefusalCount {
  refused: number
  /** Of these, how many said when to try again. */
  told: number
  /** Does the request; one that is refused counts as answered, and as refused. Resolves with whether it was done. */
  attempt(request: () => Promise<unknown>): Promise<boolean>
}

/**
 * Counts refusals apart from failures.
 *
 * @example
 * const count = countRefusals()
 * await runRequests(plan, () => count.attempt(send))
 */
export function countRefusals(): RefusalCount {
  const count: RefusalCount = {
    refused: 0,
    told: 0,
    async attempt(request) {
      try {
        await request()
        return true
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        count.refused++
        if (error.retry_after_ms !== undefined) count.told++
        return false
      }
    }
  }
  return count
}
