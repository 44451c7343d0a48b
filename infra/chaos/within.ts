import { setTimeout as delay } from 'node:timers/promises'

/** `work`, or a rejection with `why` once `limit_ms` have passed; the work is then left alone. */
export async function within<T>(limit_ms: number, why: string, work: Promise<T>): Promise<T> {
  const done = new AbortController()
  const late = delay(limit_ms, undefined, { signal: done.signal }).then(() => {
    throw new Error(`${why} within ${limit_ms / 1_000} s`)
  })
  late.catch(() => undefined)
  try {
    return await Promise.race([work, late])
  } finally {
    done.abort()
  }
}
