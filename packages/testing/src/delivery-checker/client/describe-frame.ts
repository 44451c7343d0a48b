import type { Received } from '../history.ts'

interface WireMessage {
  id?: string
  seq?: number
  conversation?: string
  sender?: { id?: string }
  body?: string | null
}

/** A frame of any dialect, as far as this client looks into it. What the server sends is taken on trust here, and checked later. */
export interface WireFrame {
  type: string
  ref?: string | number
  conversation_id?: string
  conversation?: string | { id?: string }
  seq?: number
  prev?: number
  message?: WireMessage
  message_id?: string
  member?: { user?: { id?: string } }
  user_id?: string
  sender?: { id?: string }
  head?: number
  since?: number
  code?: string
  temporary?: boolean
  retry_after_ms?: number
  replay?: boolean
  within_ms?: number
  heartbeat_ms?: number
  reason?: string
  /** Of a notification. */
  kind?: string
  preview?: string | null
}

export type Described = Omit<Received, 'at' | 'type' | 'socket'>

/** The part of a frame that a history keeps. */
export function describeFrame(frame: WireFrame): Described {
  const { type, message, seq, prev, head, since, code } = frame
  const conversation = conversationOf(frame)
  const described: Described = { frame: type === 'notification' ? `notification.${frame.kind}` : type }
  if (conversation !== undefined) described.conversation = conversation
  if (seq !== undefined) described.seq = seq
  if (prev !== undefined) described.prev = prev
  if (head !== undefined) described.head = head
  if (since !== undefined) described.since = since
  if (code !== undefined) described.code = code
  const subject = message?.id ?? frame.message_id ?? frame.member?.user?.id ?? memberOf(frame)
  if (subject !== undefined) described.subject = subject
  const user = message?.sender?.id ?? frame.sender?.id ?? frame.user_id
  if (user !== undefined) described.user = user
  if (message) {
    described.message_seq = message.seq
    described.body = message.body ?? null
  }
  if (described.frame === 'notification.new_message') {
    described.message_seq = seq
    described.body = frame.preview ?? null
  }
  return described
}

function conversationOf({ conversation_id, conversation, message }: WireFrame): string | undefined {
  return (
    conversation_id ?? (typeof conversation === 'string' ? conversation : undefined) ?? message?.conversation
  )
}

function memberOf({ type, user_id, conversation_id }: WireFrame): string | undefined {
  if (type === 'member_removed') return user_id
  return type === 'conversation_changed' || type === 'conversation_deleted' ? conversation_id : undefined
}
