import { hash } from 'node:crypto'
import type { Transaction } from 'kysely'
import type { Database } from '../database/database.ts'

/** A mutation's key and what it was: the same key with anything else is a conflict. */
export interface RequestKey {
  user_id: string
  key: string
  /** Method and path, or frame type, with its ids. */
  route: string
  body: unknown
}

/** What a key was used for before: this very request, or another, which is a conflict. */
export type EarlierRequest<R> = { same: true; result: R } | { same: false }

/**
 * Takes the key, first thing in the transaction (a concurrent retry waits here until this one has committed or failed).
 * Undefined: the request is new, and {@link storeResult} must follow.
 */
export async function takeKey<R>(
  tx: Transaction<Database>,
  request: RequestKey
): Promise<EarlierRequest<R> | undefined> {
  const request_hash = hashOf(request.body)
  const { user_id, key, route } = request
  const taken = await tx
    .insertInto('requests')
    .values({ user_id, key, route, request_hash, result: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (taken.numInsertedOrUpdatedRows) return undefined
  const earlier = await tx
    .selectFrom('requests')
    .select(['route', 'request_hash', 'result'])
    .where('user_id', '=', user_id)
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  const same = earlier.route === route && request_hash.equals(earlier.request_hash)
  return same ? { same, result: earlier.result as R } : { same }
}

/** Keeps what a retry needs to be answered alike: ids and seqs, not texts. */
export async function storeResult(
  tx: Transaction<Database>,
  request: RequestKey,
  result: unknown
): Promise<void> {
  await tx
    .updateTable('requests')
    .set({ result: JSON.stringify(result) })
    .where('user_id', '=', request.user_id)
    .where('key', '=', request.key)
    .execute()
}

/** The same for the same JSON value, whatever the order of its properties. */
export function hashOf(value: unknown): Buffer {
  return hash('sha256', canonical(value), 'buffer')
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, v]) => v !== undefined)
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`)
    .join()}}`
}
