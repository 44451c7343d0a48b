import { type Member, ProblemError, type Role } from '@parley/contracts'
import type { ConversationLine, LineContext } from '../changes/conversation-line.ts'
import { type LineChange, mutateAsMember } from '../changes/member-mutation.ts'
import type { OnMember } from './member-mutations.ts'
import { findMember, setRole } from './member-store.ts'

/**
 * Makes another member an owner in the caller's place, who stays as an admin: both or neither. Owners may. Throws `not_found`,
 * `forbidden`, `direct_conversation`, `validation_failed` for oneself, `idempotency_conflict`.
 */
export async function handOver(
  context: LineContext,
  on: OnMember
): Promise<LineChange & { member: Member | undefined }> {
  const { caller_id: user_id, conversation_id, user_id: heir_id, key } = on
  const mutation = { user_id, conversation_id, key, route: `hand over ${conversation_id}/${heir_id}` }
  // The new owner, as of the lock; not with a replay.
  let member: Member | undefined
  const { result, replay } = await mutateAsMember(context, mutation, async (line, caller) => {
    if (line.conversation.kind === 'direct') throw new ProblemError('direct_conversation')
    if (caller.role !== 'owner') throw new ProblemError('forbidden')
    if (heir_id === user_id) {
      throw new ProblemError('validation_failed', { errors: [{ pointer: '/user_id', reason: 'is you' }] })
    }
    const heir = await findMember(line.tx, conversation_id, heir_id)
    const owner = await findMember(line.tx, conversation_id, user_id)
    if (!heir || !owner) throw new ProblemError('not_found')
    if (heir.role !== 'owner') await giveRole(line, heir, 'owner', user_id)
    await giveRole(line, owner, 'admin', user_id)
    member = { ...heir, role: 'owner' }
    return { seq: line.head }
  })
  return { ...result, member, replay }
}

/** Another role for a member, as a change of the line. */
export async function giveRole(
  line: ConversationLine,
  before: Member,
  role: Role,
  actor_id: string
): Promise<number> {
  const member = { ...before, role }
  const seq = line.append('member.changed', member.user.id, actor_id, { type: 'member_changed', member })
  await setRole(line.tx, { conversation_id: line.conversation.id, user_id: member.user.id, role, seq })
  return seq
}
