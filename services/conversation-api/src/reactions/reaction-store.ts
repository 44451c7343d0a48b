import type { Transaction } from 'kysely'
import type { Database } from '../database/database.ts'

interface Reaction {
  message_id: string
  user_id: string
  emoji: string
}

/** False where it was there already. */
export async function addReaction(tx: Transaction<Database>, mine: Reaction, at: Date): Promise<boolean> {
  const added = await tx
    .insertInto('reactions')
    .values({ ...mine, created_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return added.numInsertedOrUpdatedRows === 1n
}

/** False where there was none. */
export async function removeReaction(tx: Transaction<Database>, mine: Reaction): Promise<boolean> {
  const removed = await tx
    .deleteFrom('reactions')
    .where('message_id', '=', mine.message_id)
    .where('user_id', '=', mine.user_id)
    .where('emoji', '=', mine.emoji)
    .executeTakeFirst()
  return removed.numDeletedRows === 1n
}
