import { sql } from 'kysely'

/** What was taken and not settled is somebody else's after this. */
export const LEASE_SECONDS = 60

/**
 * When a row `q` of a queue is tried again, after the outcome `o`: 1 s, 2 s, 4 s … an hour at most, each cut by up to half at random,
 * and not before the other side wants it.
 */
export const backoff = sql`now() + make_interval(secs => greatest(
  least(3600, power(2, q.attempts - 1)) * (0.5 + random() / 2), o.wait_ms / 1000))`
