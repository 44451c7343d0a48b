import { ProblemError } from '@parley/contracts'
import type { Kysely, Transaction } from 'kysely'
import { storeResult, takeKey } from './idempotent-request.ts'
import type { Database } from '../database/database.ts'

/** A mutation that is on no conversation's line, or makes a new one. */
export interface UserMutation {
  user_id: string
  /** The idempotency key, if the caller gave one. */
  key?: string | undefined
  /** Names the operation and its ids, for the key. */
  route: string
  body?: unknown
}

/**
 * Runs `work` in a transaction, once per key. What it returns must be JSON without texts: it is kept and returned to every
 * retry. Throws `idempotency_conflict`.
 *
 * @example
 * const { result, replay } = await oncePerKey(db, { user_id, key, route: 'read all' }, async (tx) => …)
 */
export function oncePerKey<R>(
  db: Kysely<Database>,
  { user_id, key, route, body }: UserMutation,
  work: (tx: Transaction<Database>) => Promise<R>
): Promise<{ result: R; replay: boolean }> {
  return db.transaction().execute(async (tx) => {
    const request = key === undefined ? undefined : { user_id, key, route, body }
    const earlier = request && (await takeKey<R>(tx, request))
    if (earlier?.same) return { result: earlier.result, replay: true }
    if (earlier) throw new ProblemError('idempotency_conflict')
    const result = await work(tx)
    if (request) await storeResult(tx, request, result)
    return { result, replay: false }
  })
}
