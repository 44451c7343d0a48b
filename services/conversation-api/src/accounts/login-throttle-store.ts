import { type Kysely, sql } from 'kysely'
import type { Database } from '../database/database.ts'

/** Attempts are counted within so many milliseconds of the first. */
const WINDOW_MS = 15 * 60_000

export interface Throttle {
  key: string
  /** Failures that pass within the window; further attempts are refused until it ends. */
  allowed: number
}

/**
 * Counts an attempt against each throttle before it is made, so that many at once cannot slip through. Returns 0, or the
 * milliseconds to wait. All instances share the counts.
 */
export async function countAttempt(db: Kysely<Database>, throttles: Throttle[]): Promise<number> {
  // Always in the given order, so that attempts that share an address do not lock each other up.
  const rows = sql.join(
    throttles.map(({ key }) => sql`(${key}, 1, now() + ${WINDOW_MS} * interval '1 millisecond')`)
  )
  const counted = await sql<{ key: string; failures: number; wait_ms: number }>`
    insert into login_throttles as t (key, failures, reset_at) values ${rows}
    on conflict (key) do update set
      failures = case when t.reset_at <= now() then 1 else t.failures + 1 end,
      reset_at = case when t.reset_at <= now() then excluded.reset_at else t.reset_at end
    returning key, failures, ceil(extract(epoch from reset_at - now()) * 1000)::integer as wait_ms
  `.execute(db)
  const allowed = new Map(throttles.map((throttle) => [throttle.key, throttle.allowed]))
  const waits = counted.rows.map(({ key, failures, wait_ms }) =>
    failures > (allowed.get(key) ?? 0) ? wait_ms : 0
  )
  return Math.max(0, ...waits)
}

/** The attempt was none that counts: it takes back its own count. */
export async function uncountAttempt(db: Kysely<Database>, throttles: Throttle[]): Promise<void> {
  for (const { key } of throttles) {
    await db
      .updateTable('login_throttles')
      .set({ failures: sql`greatest(failures - 1, 0)` })
      .where('key', '=', key)
      .execute()
  }
}

/** Whoever signed in starts anew. */
export async function forgetAttempts(db: Kysely<Database>, key: string): Promise<void> {
  await db.deleteFrom('login_throttles').where('key', '=', key).execute()
}

/** Removes a few windows that have ended: more than an attempt adds. */
export async function pruneThrottles(db: Kysely<Database>): Promise<void> {
  await sql`
    delete from login_throttles where key in (
      select key from login_throttles where reset_at < now() limit 10 for update skip locked
    )`.execute(db)
}
