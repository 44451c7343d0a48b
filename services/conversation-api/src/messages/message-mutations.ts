import { type Message, ProblemError } from '@parley/contracts'
import type { ConversationLine, LineContext } from '../changes/conversation-line.ts'
import { type Caller, mutateAsMember } from '../changes/member-mutation.ts'
import { findMessage, loadMessage } from './message-store.ts'

interface OnMessage {
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
  message: Message
  replay: boolean
}

/** Edits one's own message. Throws `not_found`, `forbidden`, `message_deleted`, `idempotency_conflict`. */
export function editMessage(context: LineContext, edit: OnMessage & { body: string }): Promise<Changed> {
  const { message_id, body } = edit
  return changeMessage(context, edit, 'edit', { body }, async (line, caller, message) => {
    if (message.sender.id !== caller.user_id) throw new ProblemError('forbidden')
    refuseDeleted(message)
    if (message.body === body) return message.changed_seq
    const seq = line.next
    await line.tx
      .updateTable('messages')
      .set({ body, edited_at: line.at, changed_seq: seq })
      .where('id', '=', message_id)
      .execute()
    const edited = await loadMessage(line.tx, message_id)
    return line.append('message.edited', message_id, caller.user_id, {
      type: 'message_edited',
      message: edited
    })
  })
}

/** Leaves a tombstone without a body. Its author and admins may; a tombstone stays as it is. */
export function deleteMessage(context: LineContext, deletion: OnMessage): Promise<Changed> {
  const { message_id } = deletion
  return changeMessage(context, deletion, 'delete', undefined, async (line, caller, message) => {
    if (message.sender.id !== caller.user_id && caller.role === 'member') throw new ProblemError('forbidden')
    if (message.deleted_at !== null) return message.changed_seq
    const seq = line.next
    await line.tx.deleteFrom('reactions').where('message_id', '=', message_id).execute()
    await line.tx
      .updateTable('messages')
      .set({ body: null, deleted_at: line.at, changed_seq: seq })
      .where('id', '=', message_id)
      .execute()
    const tombstone = await loadMessage(line.tx, message_id)
    return line.append('message.deleted', message_id, caller.user_id, {
      type: 'message_deleted',
      message_id,
      message: tombstone
    })
  })
}

/** Adds or takes away one's reaction; already so changes nothing. */
export function reactToMessage(
  context: LineContext,
  reaction: OnMessage & { emoji: string; on: boolean }
): Promise<Changed> {
  const { message_id, emoji, on } = reaction
  return changeMessage(
    context,
    reaction,
    on ? 'react' : 'unreact',
    { emoji },
    async (line, caller, message) => {
      refuseDeleted(message)
      if (!(await setReaction(line, caller, message_id, emoji, on))) return message.changed_seq
      const seq = line.next
      await line.tx.updateTable('messages').set({ changed_seq: seq }).where('id', '=', message_id).execute()
      const { reactions } = await loadMessage(line.tx, message_id)
      return line.append('message.reacted', message_id, caller.user_id, {
        type: 'reaction',
        message_id,
        emoji,
        user_id: caller.user_id,
        on,
        count: reactions.find((r) => r.emoji === emoji)?.count ?? 0
      })
    }
  )
}

async function setReaction(
  { tx, at }: ConversationLine,
  { user_id }: Caller,
  message_id: string,
  emoji: string,
  on: boolean
): Promise<boolean> {
  const mine = { message_id, user_id, emoji }
  if (on) {
    const added = await tx
      .insertInto('reactions')
      .values({ ...mine, created_at: at })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    return added.numInsertedOrUpdatedRows === 1n
  }
  const removed = await tx
    .deleteFrom('reactions')
    .where('message_id', '=', message_id)
    .where('user_id', '=', user_id)
    .where('emoji', '=', emoji)
    .executeTakeFirst()
  return removed.numDeletedRows === 1n
}

async function changeMessage(
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
  return { ...result, message: changed ?? (await findMessage(context.db, on)), replay }
}

function refuseDeleted(message: Message): void {
  if (message.deleted_at !== null) throw new ProblemError('message_deleted')
}
