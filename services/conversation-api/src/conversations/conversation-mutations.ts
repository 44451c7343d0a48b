import { type ConversationEdit, ProblemError } from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import type { LineContext } from '../changes/conversation-line.ts'
import { type LineChange, mutateAsMember } from '../changes/member-mutation.ts'
import { currentMembers } from '../members/member-store.ts'
import { announceRooms } from '../users/rooms-changed.ts'
import { bumpRoomsVersions, type RoomsVersion } from '../users/user-store.ts'
import { toFacts } from './conversation-view.ts'

export interface OnConversation {
  user_id: string
  conversation_id: string
  /** The idempotency key, if the caller gave one. */
  key?: string | undefined
}

/**
 * Changes a group's title, description or openness; owners and admins may, and only owners open or close it. Throws
 * `not_found`, `forbidden`, `direct_conversation`, `idempotency_conflict`.
 */
export async function editConversation(
  context: LineContext,
  { edit, ...on }: OnConversation & { edit: ConversationEdit }
): Promise<LineChange> {
  const { user_id, conversation_id } = on
  const mutation = { ...on, route: `edit conversation ${conversation_id}`, body: edit }
  const { result, replay } = await mutateAsMember(context, mutation, async (line, caller) => {
    const { conversation: before } = line
    if (before.kind === 'direct') throw new ProblemError('direct_conversation')
    if (caller.role === 'member') throw new ProblemError('forbidden')
    const { title = before.title, description = before.description, public: open = before.public } = edit
    if (open !== before.public && caller.role !== 'owner') throw new ProblemError('forbidden')
    if (title === before.title && description === before.description && open === before.public)
      return { seq: before.changed_seq }
    const after = { title, description, public: open }
    const seq = line.append('conversation.changed', conversation_id, user_id, {
      type: 'conversation_changed',
      conversation: toFacts({ ...before, ...after })
    })
    await line.tx
      .updateTable('conversations')
      .set({ ...after, changed_seq: seq })
      .where('id', '=', conversation_id)
      .execute()
    return { seq }
  })
  return { ...result, replay }
}

/** Ends a group for everyone. Throws `not_found`, `forbidden`, `direct_conversation`, `idempotency_conflict`. */
export async function deleteConversation(
  context: LineContext & { bus: EventBus },
  on: OnConversation
): Promise<{ replay: boolean }> {
  const { user_id, conversation_id } = on
  let versions: RoomsVersion[] = []
  const mutation = { ...on, route: `delete conversation ${conversation_id}` }
  const { replay } = await mutateAsMember(context, mutation, async (line, caller) => {
    if (line.conversation.kind === 'direct') throw new ProblemError('direct_conversation')
    if (caller.role !== 'owner') throw new ProblemError('forbidden')
    const seq = line.append('conversation.deleted', conversation_id, user_id, {
      type: 'conversation_deleted'
    })
    await line.tx
      .updateTable('conversations')
      .set({ deleted_at: line.at, changed_seq: seq })
      .where('id', '=', conversation_id)
      .execute()
    versions = await bumpRoomsVersions(line.tx, await currentMembers(line.tx, conversation_id))
    return { seq }
  })
  announceRooms(context.bus, versions)
  return { replay }
}
