import type { User } from '@parley/contracts'
import type { Transaction } from 'kysely'
import type { Database } from '../database/database.ts'
import { findUsers } from '../users/user-store.ts'

/**
 * Those of the users who may become members of this conversation, by being added or by joining: the one place that says so.
 * Asked under the conversation's lock.
 */
export function whoMayEnter(
  tx: Transaction<Database>,
  _conversation_id: string,
  user_ids: string[]
): Promise<Map<string, User>> {
  return findUsers(tx, user_ids)
}
