import { type Message, ProblemError } from '@parley/contracts'
import type { ConversationLine, LineContext } from '../changes/conversation-line.ts'
import { type Caller, mutateAsMember } from '../changes/member-mutation.ts'
import { mentionedNames } from '../mentions/mentioned-names.ts'
import { replaceMentions } from '../mentions/mention-store.ts'
import { uncountReply } from '../threads/thread-store.ts'
import { eraseVersions, keepVersion } from './edit-history-store.ts'
import { findMessage, findReadable, loadMessage } from './message-store.ts'

export interface OnMessage {
  user_id: string
  conversation_id: string
  message_id: string
  /** The idempotency key, if any. */
  key?: string | undefined
}

export interface MessageChange {
  /** The change's number; where nothing had to change, the message's last one. */
  seq: number
  message_id: string
}

export interface Changed extends MessageChange {
  /** As it is now; not for somebody who tries again and may not read it any more. */
  message: Message | undefined
  replay: boolean
}

/** Edits one's own message. Throws `not_found`, `forbidden`, `message_deleted`, `idempotency_conflict`. */
export function editMessage(context: LineContext, edit: OnMessage & { body: string }): Promise<Changed> {
  const { message_id, body } = edit
  return changeMessage(context, edit, 'edit', { body }, async (line, caller, message) => {
    if (message.sender.id !== caller.user_id) throw new ProblemError('forbidden')
    refuseDeleted(message)
    if (message.forwarded_from) {
      // What someone else said stays what they said.
      throw new ProblemError('forbidden', { detail: 'A forwarded message is not edited' })
    }
    if (message.body === body) return message.changed_seq
    const seq = line.next
    if (message.body !== null)
      await keepVersion(line.tx, { message_id, seq, body: message.body, at: line.at })
    await line.tx
      .updateTable('messages')
      .set({ body, edited_at: line.at, changed_seq: seq, mentions: await mentionsOf(line, message_id, body) })
      .where('id', '=', message_id)
      .execute()
    const edited = await loadMessage(line.tx, message_id)
    return line.append('message.edited', message_id, caller.user_id, {
      type: 'message_edited',
      message: edited
    })
  })
}

/** Whom a text mentions, once this message mentions them and nobody else. */
async function mentionsOf(
  line: ConversationLine,
  message_id: string,
  body: string
): Promise<string[] | null> {
  const message = { conversation_id: line.conversation.id, message_id, seq: line.next }
  const mentions = await replaceMentions(line.tx, message, mentionedNames(body))
  return mentions.length > 0 ? mentions : null
}

/** What a tombstone has none of. Its place it keeps: its number, what it replied to and its thread. */
export const BARE = {
  body: null,
  pinned_at: null,
  mentions: null,
  forwarded_conversation_id: null,
  forwarded_message_id: null,
  forwarded_sender_id: null
} as const

/** Leaves a tombstone without a body. Its author and admins may; a tombstone stays as it is. */
export function deleteMessage(context: LineContext, deletion: OnMessage): Promise<Changed> {
  return changeMessage(context, deletion, 'delete', undefined, async (line, caller, message) => {
    if (message.sender.id !== caller.user_id && caller.role === 'member') throw new ProblemError('forbidden')
    if (message.deleted_at !== null) return message.changed_seq
    return leaveTombstone(line, message, caller.user_id)
  })
}

/** Erases a message that is not deleted yet, and appends that; returns its number. */
export async function leaveTombstone(
  line: ConversationLine,
  { id: message_id, thread_id }: Pick<Message, 'id' | 'thread_id'>,
  actor_id: string
): Promise<number> {
  const seq = line.next
  await line.tx.deleteFrom('reactions').where('message_id', '=', message_id).execute()
  await eraseVersions(line.tx, message_id)
  await mentionsOf(line, message_id, '')
  await line.tx
    .updateTable('messages')
    .set({ ...BARE, deleted_at: line.at, changed_seq: seq })
    .where('id', '=', message_id)
    .execute()
  if (thread_id !== undefined) await uncountReply(line.tx, { root_id: thread_id, seq })
  const message = await loadMessage(line.tx, message_id)
  return line.append('message.deleted', message_id, actor_id, {
    type: 'message_deleted',
    message_id,
    message
  })
}

/** Runs a change of one message on its line, once per key. `work` returns the change's seq. */
export async function changeMessage(
  context: LineContext,
  { user_id, conversation_id, message_id, key }: OnMessage,
  operation: string,
  body: unknown,
  work: (line: ConversationLine, caller: Caller, message: Message) => Promise<number>
): Promise<Changed> {
  const route = `${operation} ${conversation_id}/${message_id}`
  const on = { user_id, conversation_id, message_id }
  // Read under the lock: whoever is removed right after the commit is still told of what they did.
  let changed: Message | undefined
  const { result, replay } = await mutateAsMember(
    context,
    { user_id, conversation_id, key, route, body },
    async (line, caller): Promise<MessageChange> => {
      const seq = await work(line, caller, await findMessage(line.tx, on))
      changed = await findMessage(line.tx, on)
      return { seq, message_id }
    }
  )
  return { ...result, message: changed ?? (await findReadable(context.db, on)), replay }
}

export function refuseDeleted(message: Message): void {
  if (message.deleted_at !== null) throw new ProblemError('message_deleted')
}
