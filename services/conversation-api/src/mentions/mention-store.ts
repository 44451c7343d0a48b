import { sql, type Transaction } from 'kysely'
import type { Database } from '../database/database.ts'

/**
 * Makes a message mention the members among these names and nobody else; who was mentioned before stays as they were. Returns
 * whom it mentions now.
 */
export async function replaceMentions(
  tx: Transaction<Database>,
  message: { conversation_id: string; message_id: string; seq: number },
  names: string[]
): Promise<string[]> {
  const { conversation_id, message_id, seq } = message
  const user_ids = names.length === 0 ? [] : await findMembers(tx, conversation_id, names)
  await tx
    .deleteFrom('mentions')
    .where('message_id', '=', message_id)
    .where((eb) => eb.not(eb('user_id', '=', sql<string>`any(${user_ids}::uuid[])`)))
    .execute()
  if (user_ids.length > 0) {
    await tx
      .insertInto('mentions')
      .values(user_ids.map((user_id) => ({ conversation_id, seq, message_id, user_id })))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  return user_ids
}

/** Those of the names that are members', in the order of their ids, as `write_rich_messages` has them. */
async function findMembers(
  tx: Transaction<Database>,
  conversation_id: string,
  names: string[]
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select u.id from users u join members m on m.user_id = u.id
    where lower(u.username) = any (${names}) and u.disabled_at is null
      and m.conversation_id = ${conversation_id} and m.removed_at is null
    order by u.id`.execute(tx)
  return rows.map(({ id }) => id)
}
