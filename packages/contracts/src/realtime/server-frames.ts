import { type Static, type TProperties, Type } from '@sinclair/typebox'
import { ConnectionLimits } from '../common/limits.ts'
import { Id, Nullable, Seq, Time } from '../common/scalars.ts'
import { ConversationFacts, Member, Role } from '../rest/conversations.ts'
import { Message } from '../rest/messages.ts'
import { presenceFields } from '../rest/presence.ts'
import { User } from '../rest/users.ts'

const Ref = Type.Union([Type.String(), Type.Integer()])

function frame<const N extends string, P extends TProperties>(type: N, properties: P) {
  return Type.Object(
    { type: Type.Literal(type), ...properties },
    { title: `server.${type}`, additionalProperties: false }
  )
}

/** On the number line: apply when `prev <= cursor < seq`, drop when `seq <= cursor`, else subscribe again from the cursor. */
function durable<const N extends string, P extends TProperties>(type: N, properties: P) {
  return frame(type, { conversation_id: Id, seq: Seq, prev: Seq, ...properties })
}

export const durableFrames = {
  message: durable('message', { message: Message }),
  message_edited: durable('message_edited', { message: Message }),
  message_deleted: durable('message_deleted', { message_id: Id, message: Message }),
  reaction: durable('reaction', {
    message_id: Id,
    emoji: Type.String(),
    user_id: Id,
    on: Type.Boolean(),
    count: Type.Integer()
  }),
  member_added: durable('member_added', { member: Member }),
  member_removed: durable('member_removed', { user_id: Id }),
  member_changed: durable('member_changed', { member: Member }),
  conversation_changed: durable('conversation_changed', { conversation: ConversationFacts }),
  conversation_deleted: durable('conversation_deleted', {})
} as const

export const serverFrames = {
  welcome: frame('welcome', {
    connection_id: Id,
    user: User,
    limits: ConnectionLimits,
    heartbeat_ms: Type.Integer()
  }),
  subscribed: frame('subscribed', {
    ref: Type.Optional(Ref),
    conversation_id: Id,
    since: Seq,
    head: Seq,
    role: Role,
    read_seq: Seq
  }),
  subscribed_all: frame('subscribed_all', { ref: Type.Optional(Ref), count: Type.Integer() }),
  unsubscribed: frame('unsubscribed', {
    ref: Type.Optional(Ref),
    conversation_id: Id,
    reason: Type.Union([
      Type.Literal('asked'),
      Type.Literal('not_a_member'),
      Type.Literal('conversation_deleted')
    ])
  }),
  ack: frame('ack', {
    ref: Type.Optional(Ref),
    conversation_id: Id,
    seq: Seq,
    message_id: Type.Optional(Id),
    message: Type.Optional(Message),
    replay: Type.Optional(Type.Literal(true))
  }),
  error: frame('error', {
    ref: Type.Optional(Ref),
    conversation_id: Type.Optional(Id),
    code: Type.String(),
    title: Type.String(),
    detail: Type.Optional(Type.String()),
    temporary: Type.Boolean(),
    retry_after_ms: Type.Optional(Type.Integer()),
    head: Type.Optional(Seq)
  }),
  ...durableFrames,
  thread_read: frame('thread_read', { conversation_id: Id, thread_id: Id, user_id: Id, seq: Seq }),
  read: frame('read', { conversation_id: Id, user_id: Id, seq: Seq }),
  typing: frame('typing', { conversation_id: Id, user_id: Id, on: Type.Boolean() }),
  presence: frame('presence', presenceFields),
  notification: frame('notification', {
    kind: Type.Union([Type.Literal('new_message'), Type.Literal('message_deleted')]),
    conversation_id: Id,
    message_id: Id,
    seq: Seq,
    sender: User,
    preview: Nullable(Type.String())
  }),
  lagging: frame('lagging', { conversation_id: Id, from: Seq, to: Seq }),
  move: frame('move', { within_ms: Type.Integer() })
} as const

export type ServerFrameType = keyof typeof serverFrames
export type ServerFrames = { [T in ServerFrameType]: Static<(typeof serverFrames)[T]> }
export type ServerFrame = ServerFrames[ServerFrameType]
export type DurableFrameType = keyof typeof durableFrames
export type DurableFrame = ServerFrames[DurableFrameType]

const SimpleMessage = Type.Object(
  {
    id: Id,
    conversation: Id,
    chat: Id,
    seq: Seq,
    sender: User,
    body: Type.String(),
    content: Type.String(),
    created_at: Time
  },
  { title: 'SimpleMessage', additionalProperties: false }
)

/** What the simple dialect's clients receive: on `/ws/chat/{id}/` without a subprotocol, and on `/ws/notifications/`. */
export const simpleFrames = {
  message: Type.Object(
    { type: Type.Literal('message'), message: SimpleMessage },
    { title: 'simple.message', additionalProperties: false }
  ),
  message_edited: Type.Object(
    { type: Type.Literal('message_edited'), message: SimpleMessage },
    { title: 'simple.message_edited', additionalProperties: false }
  ),
  message_deleted: Type.Object(
    {
      type: Type.Literal('message_deleted'),
      message_id: Id,
      conversation: Id,
      chat: Id,
      seq: Seq
    },
    { title: 'simple.message_deleted', additionalProperties: false }
  ),
  error: Type.Object(
    {
      type: Type.Literal('error'),
      code: Type.String(),
      detail: Type.String(),
      retry_after_ms: Type.Optional(Type.Integer())
    },
    { title: 'simple.error', additionalProperties: false }
  ),
  notification: serverFrames.notification
} as const
export type SimpleFrames = { [T in keyof typeof simpleFrames]: Static<(typeof simpleFrames)[T]> }
