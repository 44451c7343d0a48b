import type { Pool } from 'pg'

/** Connections to this test's database that wait for a lock. */
export function lockWaiters(pool: Pool): Promise<number> {
  return count(pool, `wait_event_type = 'Lock'`)
}

/** Connections in the middle of a transaction, with whatever it has locked. */
export function lockHolders(pool: Pool): Promise<number> {
  return count(pool, `state = 'idle in transaction'`)
}

async function count(pool: Pool, condition: string): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `select count(*) as n from pg_stat_activity where datname = current_database() and ${condition}`
  )
  return rows[0]?.n ?? 0
}
