import { limits, ProblemError } from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import type { ConversationLine, LineContext } from '../changes/conversation-line.ts'
import { type Caller, findCaller, type LineChange, mutateLine } from '../changes/member-mutation.ts'
import { announceRooms } from '../users/rooms-changed.ts'
import { bumpRoomsVersions, type RoomsVersion } from '../users/user-store.ts'
import { addToLine } from './add-to-line.ts'
import { whoMayEnter } from './entry.ts'

export interface Joining {
  user_id: string
  conversation_id: string
  /** The idempotency key, if the caller gave one. */
  key?: string | undefined
}

/**
 * Makes the caller a member of a public group; who is one already stays as they are. Throws `not_found` where there is no such
 * group, it is not public, or the caller may not enter; `members_full`, `idempotency_conflict`.
 */
export async function joinConversation(
  context: LineContext & { bus: EventBus },
  { user_id, conversation_id, key }: Joining
): Promise<LineChange & { joined: boolean }> {
  let versions: RoomsVersion[] = []
  const mutation = { user_id, conversation_id, key, route: `join ${conversation_id}` }
  const { result, replay } = await mutateLine(context, mutation, admit, async (line, member) => {
    if (member) return { seq: line.head, joined: false }
    const user = (await whoMayEnter(line.tx, conversation_id, [user_id])).get(user_id)
    if (!user) throw new ProblemError('not_found')
    if (line.conversation.member_count >= limits.members_per_group) throw new ProblemError('members_full')
    await addToLine(line, user_id, [{ user, role: 'member' }])
    versions = await bumpRoomsVersions(line.tx, [user_id])
    return { seq: line.head, joined: true }
  })
  announceRooms(context.bus, versions)
  return { ...result, replay }
}

/** Members, and anyone where the group is public. */
async function admit(line: ConversationLine, user_id: string): Promise<Caller | undefined> {
  const member = await findCaller(line, user_id)
  if (!member && !line.conversation.public) throw new ProblemError('not_found')
  return member
}
