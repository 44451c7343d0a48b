import { ProblemError, type User } from '@parley/contracts'
import type { Transaction } from 'kysely'
import type { Database } from '../database/database.ts'
import { isAnyBanned } from '../moderation/ban-store.ts'
import { findUsers } from '../users/user-store.ts'

/**
 * Those of the users who may become members of this conversation, by being added or by joining: the one place that says so.
 * Asked under the conversation's lock. Throws `banned`.
 */
export async function whoMayEnter(
  tx: Transaction<Database>,
  conversation_id: string,
  user_ids: string[]
): Promise<Map<string, User>> {
  if (await isAnyBanned(tx, conversation_id, user_ids)) throw new ProblemError('banned')
  return findUsers(tx, user_ids)
}
