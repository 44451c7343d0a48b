import type { User } from '@parley/contracts'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../database/database.ts'

/**
 * The first `limit` members of each conversation, in the order in which they joined. Only of those that this user is a
 * member of.
 */
export async function participantsOf(
  db: Kysely<Database>,
  user_id: string,
  { conversation_ids, limit }: { conversation_ids: string[]; limit: number }
): Promise<Map<string, User[]>> {
  const { rows } = await sql<User & { conversation_id: string }>`
    select mine.conversation_id, joined.*
    from members mine cross join lateral (
      select u.id, u.username, u.display_name
      from members m join users u on u.id = m.user_id
      where m.conversation_id = mine.conversation_id and m.removed_at is null
      order by m.joined_seq limit ${limit}
    ) joined
    where mine.user_id = ${user_id} and mine.removed_at is null
      and mine.conversation_id = any (${conversation_ids}::uuid[])`.execute(db)
  const participants = new Map<string, User[]>()
  for (const { conversation_id, id, username, display_name } of rows) {
    const user = { id, username, display_name }
    const list = participants.get(conversation_id)
    if (list) list.push(user)
    else participants.set(conversation_id, [user])
  }
  return participants
}
