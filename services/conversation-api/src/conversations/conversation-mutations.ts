import { type Conversation, type ConversationEdit, ProblemError } from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import type { LineContext } from '../changes/conversation-line.ts'
import { mutateAsMember } from '../changes/member-mutation.ts'
import { currentMembers } from '../members/member-store.ts'
import { announceRooms } from '../users/rooms-changed.ts'
import { bumpRoomsVersions, type RoomsVersion } from '../users/user-store.ts'
import { findConversation } from './conversation-store.ts'
import { mutateOrLeave } from './own-exit.ts'

export interface OnConversation {
  user_id: string
  conversation_id: string
  /** The idempotency key, if the caller gave one. */
  key?: string | undefined
}

/** Renames a group. Throws `not_found`, `forbidden`, `direct_conversation`, `idempotency_conflict`. */
export async function renameConversation(
  context: LineContext,
  { title, ...on }: OnConversation & ConversationEdit
): Promise<{ conversation: Conversation; replay: boolean }> {
  const { user_id, conversation_id } = on
  const mutation = { ...on, route: `edit conversation ${conversation_id}`, body: { title } }
  const { replay } = await mutateAsMember(context, mutation, async (line, caller) => {
    const { kind, title: before, created_at } = line.conversation
    if (kind === 'direct') throw new ProblemError('direct_conversation')
    if (caller.role === 'member') throw new ProblemError('forbidden')
    if (title === before) return { seq: line.conversation.changed_seq }
    const facts = { id: conversation_id, kind, title, created_at: created_at.toISOString() }
    const seq = line.append('conversation.changed', conversation_id, user_id, {
      type: 'conversation_changed',
      conversation: facts
    })
    await line.tx
      .updateTable('conversations')
      .set({ title, changed_seq: seq })
      .where('id', '=', conversation_id)
      .execute()
    return { seq }
  })
  return { conversation: await findConversation(context.db, user_id, conversation_id), replay }
}

/** Ends a group for everyone. Throws `not_found`, `forbidden`, `direct_conversation`, `idempotency_conflict`. */
export async function deleteConversation(
  context: LineContext & { bus: EventBus },
  on: OnConversation
): Promise<{ replay: boolean }> {
  const { user_id, conversation_id } = on
  let versions: RoomsVersion[] = []
  const mutation = { ...on, route: `delete conversation ${conversation_id}` }
  const { replay } = await mutateOrLeave(context, mutation, async (line, caller) => {
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
