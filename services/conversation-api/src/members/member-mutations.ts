import { limits, type Member, ProblemError, type Role } from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import type { ConversationLine, LineContext } from '../changes/conversation-line.ts'
import { type Caller, type LineChange, mutateAsMember } from '../changes/member-mutation.ts'
import { whoBlocked } from '../notifications/block-store.ts'
import { announceRooms } from '../users/rooms-changed.ts'
import { bumpRoomsVersions, type RoomsVersion } from '../users/user-store.ts'
import { addToLine, removeFromLine } from './add-to-line.ts'
import { whoMayEnter } from './entry.ts'
import { giveRole } from './hand-over.ts'
import { countOwners, findMember } from './member-store.ts'

export interface OnMember {
  /** Who asks. */
  caller_id: string
  conversation_id: string
  /** Whom it is about. */
  user_id: string
  /** The idempotency key, if the caller gave one. */
  key?: string | undefined
}

/**
 * Adds someone; an earlier member comes back anew. Owners and admins may, and only owners make owners. Throws `not_found`,
 * `forbidden`, `direct_conversation`, `members_full`, `validation_failed` for an unknown user, `idempotency_conflict`.
 */
export async function addMember(
  context: LineContext & { bus: EventBus },
  { role = 'member', ...on }: OnMember & { role?: Role | undefined }
): Promise<LineChange & { member: Member | undefined; added: boolean }> {
  let versions: RoomsVersion[] = []
  // Read under the lock: whoever removes them right after changes nothing about this answer. A replay has none.
  let member: Member | undefined
  const mutation = mutationOf('add member', on, { user_id: on.user_id, role })
  const { result, replay } = await mutateAsMember(context, mutation, async (line, caller) => {
    authorise(line, caller)
    if (role === 'owner' && caller.role !== 'owner') throw new ProblemError('forbidden')
    member = await findMember(line.tx, on.conversation_id, on.user_id)
    if (member) return { seq: line.head, added: false }
    if (line.conversation.member_count >= limits.members_per_group) throw new ProblemError('members_full')
    const user = (await whoMayEnter(line.tx, on.conversation_id, [on.user_id])).get(on.user_id)
    const blocked = (await whoBlocked(line.tx, caller.user_id, [on.user_id])).size > 0
    if (!user || blocked) {
      throw new ProblemError('validation_failed', { errors: [{ pointer: '/user_id', reason: 'is no user' }] })
    }
    await addToLine(line, caller.user_id, [{ user, role }])
    versions = await bumpRoomsVersions(line.tx, [user.id])
    member = await findMember(line.tx, on.conversation_id, on.user_id)
    return { seq: line.head, added: true }
  })
  announceRooms(context.bus, versions)
  return { ...result, member, added: result.added && !replay, replay }
}

/**
 * Gives a member another role; owners may. Throws `not_found`, `forbidden`, `direct_conversation`, `last_owner`,
 * `idempotency_conflict`.
 */
export async function changeRole(
  context: LineContext,
  { role, ...on }: OnMember & { role: Role }
): Promise<LineChange & { member: Member | undefined }> {
  // Read under the lock, as above.
  let member: Member | undefined
  const mutation = mutationOf('change member', on, { role })
  const { result, replay } = await mutateAsMember(context, mutation, async (line, caller) => {
    authorise(line, caller, 'owner')
    const before = await findMember(line.tx, on.conversation_id, on.user_id)
    if (!before) throw new ProblemError('not_found')
    member = { ...before, role }
    if (before.role === role) return { seq: line.head }
    if (before.role === 'owner') await keepAnOwner(line)
    return { seq: await giveRole(line, before, role, caller.user_id) }
  })
  return { ...result, member, replay }
}

/**
 * Removes a member, or lets the caller leave. Owners remove anyone, admins anyone but owners; the last owner stays while
 * others do. Throws `not_found`, `forbidden`, `direct_conversation`, `last_owner`, `idempotency_conflict`.
 */
export async function removeMember(
  context: LineContext & { bus: EventBus },
  on: OnMember
): Promise<LineChange> {
  let versions: RoomsVersion[] = []
  const mutation = mutationOf('remove member', on, undefined)
  const leaving = on.user_id === on.caller_id
  const { result, replay } = await mutateAsMember(context, mutation, async (line, caller) => {
    authorise(line, caller, leaving ? 'member' : 'admin')
    const member = await findMember(line.tx, on.conversation_id, on.user_id)
    if (!member) throw new ProblemError('not_found')
    if (!leaving && member.role === 'owner' && caller.role !== 'owner') throw new ProblemError('forbidden')
    if (member.role === 'owner' && line.conversation.member_count > 1) await keepAnOwner(line)
    const seq = await removeFromLine(line, on.user_id, caller.user_id)
    versions = await bumpRoomsVersions(line.tx, [on.user_id])
    return { seq }
  })
  announceRooms(context.bus, versions)
  return { ...result, replay }
}

const ranks: Record<Role, number> = { member: 0, admin: 1, owner: 2 }

/** Who is in a direct conversation is settled; in a group it takes a role. */
function authorise({ conversation }: ConversationLine, caller: Caller, least: Role = 'admin'): void {
  if (conversation.kind === 'direct') throw new ProblemError('direct_conversation')
  if (ranks[caller.role] < ranks[least]) throw new ProblemError('forbidden')
}

async function keepAnOwner({ tx, conversation }: ConversationLine): Promise<void> {
  if ((await countOwners(tx, conversation.id)) === 1) throw new ProblemError('last_owner')
}

function mutationOf(operation: string, on: OnMember, body: unknown) {
  const route = `${operation} ${on.conversation_id}/${on.user_id}`
  return { user_id: on.caller_id, conversation_id: on.conversation_id, key: on.key, route, body }
}
