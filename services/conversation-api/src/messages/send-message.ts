import type { Message, User } from '@parley/contracts'
import type { Kysely } from 'kysely'
import type { Database } from '../database/database.ts'
import { findReadable } from './message-store.ts'
import { toNewMessage } from './message-view.ts'
import type { MessageWriter, NewSend } from './message-writer.ts'

export interface SendContext {
  db: Kysely<Database>
  writer: MessageWriter
}

/** Sends, or finds what the same `client_id` sent before: see {@link replayOf}. Throws as {@link MessageWriter}. */
export async function sendMessage(
  context: SendContext,
  send: NewSend
): Promise<{ message: Message; replay: boolean }> {
  const { user, conversation_id } = send
  const sent = await context.writer.send(send)
  if (sent.replay) {
    const message = await replayOf(context.db, { user, conversation_id, ...sent })
    return { message, replay: true }
  }
  return { message: toNewMessage(send, sent), replay: false }
}

/**
 * What a repeated send is answered with: the message as it is now or, for its sender who may not read it any more, what is their own of
 * it and nothing that others have done to it since, but for a deletion.
 */
export async function replayOf(
  db: Kysely<Database>,
  { user, conversation_id, message_id }: { user: User; conversation_id: string; message_id: string }
): Promise<Message> {
  const readable = await findReadable(db, { user_id: user.id, conversation_id, message_id })
  if (readable) return readable
  const { body, client_id, reply_to_id, thread_id, seq, created_at, deleted_at } = await db
    .selectFrom('messages')
    .select(['body', 'client_id', 'reply_to_id', 'thread_id', 'seq', 'created_at', 'deleted_at'])
    .where('id', '=', message_id)
    .where('sender_id', '=', user.id)
    .executeTakeFirstOrThrow()
  const send = {
    user,
    conversation_id,
    body: body ?? '',
    client_id: client_id ?? undefined,
    reply_to_id,
    thread_id
  }
  const message = toNewMessage(send, { message_id, seq, created_at, mentions: null, attachments: [] })
  return deleted_at ? { ...message, body: null, deleted_at: deleted_at.toISOString() } : message
}
