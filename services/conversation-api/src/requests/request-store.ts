import type { Kysely } from 'kysely'
import { hashOf, type RequestKey } from '../changes/idempotent-request.ts'
import type { Database } from '../database/database.ts'

/** What this very request did before; undefined where it did nothing, or its key was for something else. */
export async function findResult<R>(db: Kysely<Database>, request: RequestKey): Promise<R | undefined> {
  const row = await db
    .selectFrom('requests')
    .select('result')
    .where('user_id', '=', request.user_id)
    .where('key', '=', request.key)
    .where('route', '=', request.route)
    .where('request_hash', '=', hashOf(request.body))
    .executeTakeFirst()
  return row?.result as R | undefined
}
