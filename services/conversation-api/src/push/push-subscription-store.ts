import { randomUUIDv7 } from 'node:crypto'
import { limits, type NewPushSubscription, type PushSubscription } from '@parley/contracts'
import type { Kysely, Transaction } from 'kysely'
import type { Database } from '../database/database.ts'

interface Caller {
  user_id: string
  session_id: string
}

/** This user's browsers, the newest first. */
export async function listSubscriptions(
  db: Kysely<Database>,
  { user_id, session_id }: Caller
): Promise<PushSubscription[]> {
  const rows = await db
    .selectFrom('push_subscriptions')
    .select(['id', 'endpoint', 'created_at', 'session_id'])
    .where('user_id', '=', user_id)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    endpoint: row.endpoint,
    created_at: row.created_at.toISOString(),
    current: row.session_id === session_id
  }))
}

/**
 * Notes a browser for this session; one that was known takes its new keys. A browser that was someone else's is this user's now, and
 * is told nothing of the other's any more. Beyond the limit the oldest goes.
 */
export async function saveSubscription(
  tx: Transaction<Database>,
  { user_id, session_id }: Caller,
  { endpoint, keys }: NewPushSubscription
): Promise<{ id: string; created: boolean }> {
  const values = { session_id, p256dh: keys.p256dh, auth: keys.auth }
  await tx
    .deleteFrom('push_subscriptions')
    .where('endpoint', '=', endpoint)
    .where('user_id', '<>', user_id)
    .execute()
  const fresh = randomUUIDv7()
  const { id } = await tx
    .insertInto('push_subscriptions')
    .values({ id: fresh, user_id, endpoint, ...values })
    .onConflict((conflict) => conflict.column('endpoint').doUpdateSet(values))
    .returning('id')
    .executeTakeFirstOrThrow()
  await tx
    .deleteFrom('push_subscriptions')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('push_subscriptions')
        .select('id')
        .where('user_id', '=', user_id)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .offset(limits.push_subscriptions)
    )
    .execute()
  return { id, created: id === fresh }
}

/** False where this user has no such subscription. */
export async function deleteSubscription(
  db: Kysely<Database>,
  user_id: string,
  id: string
): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('push_subscriptions')
    .where('id', '=', id)
    .where('user_id', '=', user_id)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}
