import { type Ban, ProblemError } from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import type { ConversationLine, LineContext } from '../changes/conversation-line.ts'
import { type Caller, type LineChange, mutateAsMember } from '../changes/member-mutation.ts'
import { removeFromLine } from '../members/add-to-line.ts'
import { findMember } from '../members/member-store.ts'
import { announceRooms } from '../users/rooms-changed.ts'
import { bumpRoomsVersions, findUser, type RoomsVersion } from '../users/user-store.ts'
import { deleteBan, findBan, putBan } from './ban-store.ts'

export interface OnBan {
  /** Who asks. */
  caller_id: string
  conversation_id: string
  /** Whom it is about. */
  user_id: string
  key?: string | undefined
}

/**
 * Keeps someone out of a group, until `expires_at` or for good; a member is removed. Admins may, of owners only owners, of oneself
 * nobody. Throws `not_found`, `forbidden`, `direct_conversation`, `idempotency_conflict`, `validation_failed` for a time that is over.
 */
export async function ban(
  context: LineContext & { bus: EventBus },
  {
    expires_at = null,
    reason = null,
    ...on
  }: OnBan & {
    expires_at?: string | null | undefined
    reason?: string | null | undefined
  }
): Promise<LineChange & { ban: Ban }> {
  let versions: RoomsVersion[] = []
  const until = expires_at === null ? null : new Date(expires_at)
  const mutation = mutationOf('ban', on, { expires_at, reason })
  const { result, replay } = await mutateAsMember(context, mutation, async (line, caller) => {
    authorise(line, caller)
    if (until && until <= line.at) {
      throw new ProblemError('validation_failed', {
        errors: [{ pointer: '/expires_at', reason: 'is over' }]
      })
    }
    const user = await findUser(line.tx, on.user_id)
    if (!user) throw new ProblemError('not_found')
    if (on.user_id === caller.user_id) throw new ProblemError('forbidden')
    const member = await findMember(line.tx, on.conversation_id, on.user_id)
    if (member?.role === 'owner' && caller.role !== 'owner') throw new ProblemError('forbidden')
    if (member) {
      await removeFromLine(line, on.user_id, caller.user_id)
      versions = await bumpRoomsVersions(line.tx, [on.user_id])
    }
    const { conversation_id, user_id } = on
    const terms = { banned_by: caller.user_id, reason, created_at: line.at, expires_at: until }
    await putBan(line.tx, { conversation_id, user_id, ...terms })
    const made = await findBan(line.tx, conversation_id, user_id)
    if (!made) throw new ProblemError('not_found')
    return { seq: line.head, ban: made }
  })
  announceRooms(context.bus, versions)
  return { ...result, replay }
}

/** Lets someone come in again, if they are asked or the group is open. */
export async function unban(context: LineContext, on: OnBan): Promise<LineChange> {
  const { result, replay } = await mutateAsMember(
    context,
    mutationOf('unban', on, undefined),
    async (line, caller) => {
      authorise(line, caller)
      await deleteBan(line.tx, on.conversation_id, on.user_id)
      return { seq: line.head }
    }
  )
  return { ...result, replay }
}

function authorise({ conversation }: ConversationLine, caller: Caller): void {
  if (conversation.kind === 'direct') throw new ProblemError('direct_conversation')
  if (caller.role === 'member') throw new ProblemError('forbidden')
}

function mutationOf(operation: string, on: OnBan, body: unknown) {
  const route = `${operation} ${on.conversation_id}/${on.user_id}`
  return { user_id: on.caller_id, conversation_id: on.conversation_id, key: on.key, route, body }
}
