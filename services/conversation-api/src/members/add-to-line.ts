import type { Member, Role, User } from '@parley/contracts'
import type { ConversationLine } from '../changes/conversation-line.ts'

/**
 * Adds people who are no members now, in this order. What was said before counts as read; that somebody else added them does not.
 */
export async function addToLine(
  line: ConversationLine,
  actor_id: string,
  people: readonly { user: User; role: Role }[]
): Promise<Member[]> {
  const { tx, conversation } = line
  const members = people.map(({ user, role }): Member => {
    const joined_seq = line.next
    const member = { user, role, joined_seq, read_seq: user.id === actor_id ? joined_seq : joined_seq - 1 }
    line.append('member.added', user.id, actor_id, { type: 'member_added', member })
    return member
  })
  await tx
    .insertInto('members')
    .values(
      members.map(({ user, role, joined_seq, read_seq }) => ({
        conversation_id: conversation.id,
        user_id: user.id,
        role,
        joined_seq,
        changed_seq: joined_seq,
        read_seq,
        removed_at: null
      }))
    )
    .onConflict((conflict) =>
      conflict.columns(['conversation_id', 'user_id']).doUpdateSet(({ ref }) => ({
        role: ref('excluded.role'),
        joined_seq: ref('excluded.joined_seq'),
        changed_seq: ref('excluded.changed_seq'),
        read_seq: ref('excluded.read_seq'),
        removed_at: null
      }))
    )
    .execute()
  await countMembers(line, members.length)
  return members
}

/** Removes a member; returns the number it took. */
export async function removeFromLine(
  line: ConversationLine,
  user_id: string,
  actor_id: string
): Promise<number> {
  const seq = line.append('member.removed', user_id, actor_id, { type: 'member_removed', user_id })
  await line.tx
    .updateTable('members')
    .set({ removed_at: line.at, changed_seq: seq })
    .where('conversation_id', '=', line.conversation.id)
    .where('user_id', '=', user_id)
    .execute()
  await countMembers(line, -1)
  return seq
}

/** Keeps the conversation's member count. */
async function countMembers({ tx, conversation }: ConversationLine, by: number): Promise<void> {
  await tx
    .updateTable('conversations')
    .set(({ eb }) => ({ member_count: eb('member_count', '+', by) }))
    .where('id', '=', conversation.id)
    .execute()
}
