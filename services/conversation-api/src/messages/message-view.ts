import type { Message, ReactionCount } from '@parley/contracts'
import { type MessageExtras, toExtras, toForwardedFrom } from './message-extras.ts'
import type { NewSend, Sent } from './message-writer.ts'

/** A message row joined with its sender and its reactions. */
export interface MessageRow {
  id: string
  conversation_id: string
  seq: number
  changed_seq: number
  sender_id: string
  username: string
  display_name: string
  body: string | null
  client_id: string | null
  reply_to_id: string | null
  created_at: Date
  edited_at: Date | null
  deleted_at: Date | null
  reactions: ReactionCount[]
  extras: MessageExtras | null
  /** The reader sees where it was forwarded from. */
  sees_source?: boolean | null
}

/** A message as it is sent: the same for all who receive it. */
export function toNewMessage(
  { user, conversation_id, body, client_id, reply_to_id, thread_id, forward }: NewSend,
  { message_id, seq, created_at, mentions, attachments }: Omit<Extract<Sent, { replay: false }>, 'replay'>
): Message {
  return {
    id: message_id,
    conversation_id,
    seq,
    changed_seq: seq,
    sender: { id: user.id, username: user.username, display_name: user.display_name },
    body,
    client_id: client_id ?? null,
    reply_to_id: reply_to_id ?? null,
    reactions: [],
    created_at: created_at.toISOString(),
    edited_at: null,
    deleted_at: null,
    ...(thread_id ? { thread_id } : {}),
    ...(mentions ? { mentions } : {}),
    ...(attachments.length > 0 ? { attachments } : {}),
    ...(forward ? { forwarded_from: toForwardedFrom(forward.origin, { conversation_id }) } : {})
  }
}

export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    conversation_id: row.conversation_id,
    seq: row.seq,
    changed_seq: row.changed_seq,
    sender: { id: row.sender_id, username: row.username, display_name: row.display_name },
    body: row.body,
    client_id: row.client_id,
    reply_to_id: row.reply_to_id,
    reactions: row.reactions,
    created_at: row.created_at.toISOString(),
    edited_at: row.edited_at?.toISOString() ?? null,
    deleted_at: row.deleted_at?.toISOString() ?? null,
    ...toExtras(row.extras, row)
  }
}
