import type { Message } from '@parley/contracts'
import type { Kysely } from 'kysely'
import type { Database } from '../database/database.ts'
import { findMessage } from './message-store.ts'
import { toNewMessage } from './message-view.ts'
import type { MessageWriter, NewSend } from './message-writer.ts'

export interface SendContext {
  db: Kysely<Database>
  writer: MessageWriter
}

/** Sends, or finds what the same `client_id` sent before: then the message is as it is now. Throws as {@link MessageWriter}. */
export async function sendMessage(
  { db, writer }: SendContext,
  send: NewSend
): Promise<{ message: Message; replay: boolean }> {
  const { user, conversation_id } = send
  const sent = await writer.send(send)
  if (sent.replay) {
    const message = await findMessage(db, { user_id: user.id, conversation_id, message_id: sent.message_id })
    return { message, replay: true }
  }
  return { message: toNewMessage(send, sent), replay: false }
}
