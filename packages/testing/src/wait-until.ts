import { setTimeout as delay } from 'node:timers/promises'
import { inspect } from 'node:util'

export interface WaitOptions {
  /** What is waited for, as it should read in the error. */
  message: string
  /** Default 5,000. */
  timeout_ms?: number
  /** Between two looks. Default 10. */
  interval_ms?: number
}

/**
 * Looks until `check` returns something truthy, and returns that. A check that throws is looked at again. After `timeout_ms` it
 * rejects with `message` and what it saw last.
 *
 * @example
 * const row = await waitUntil(() => findMessage(db, id), { message: 'the message is stored' })
 */
export async function waitUntil<T>(
  check: () => T | Promise<T>,
  { message, timeout_ms = 5_000, interval_ms = 10 }: WaitOptions
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const deadline = performance.now() + timeout_ms
  let seen: unknown
  for (;;) {
    try {
      const value = await check()
      if (value) return value as Exclude<T, false | null | undefined | 0 | ''>
      seen = value
    } catch (error) {
      seen = error
    }
    if (performance.now() > deadline)
      throw new Error(`not within ${timeout_ms} ms: ${message}; last seen: ${inspect(seen, { depth: 4 })}`)
    await delay(interval_ms)
  }
}
