import { type Static, type TProperties, Type } from '@sinclair/typebox'
import { limits } from '../common/limits.ts'
import { Id, Nullable, Seq } from '../common/scalars.ts'
import { BodyText, ClientId, Emoji } from '../common/text.ts'
import { ConversationEdit, HandOver, MemberEdit, NewMember } from '../rest/conversations.ts'
import { AttachmentIds } from '../rest/attachments.ts'
import { NewForward } from '../rest/messages.ts'
import { NewBan } from '../rest/moderation.ts'
import { NewMute } from '../rest/quiet.ts'

/** Echoed by the `ack` or `error` that answers the frame. */
const Ref = Type.Union([Type.String({ maxLength: 200 }), Type.Integer()])

function frame<const N extends string, P extends TProperties>(type: N, properties: P) {
  return Type.Object(
    { type: Type.Literal(type), ref: Type.Optional(Ref), ...properties },
    { title: `client.${type}`, additionalProperties: false }
  )
}

// One entry a frame a `parley.v1` client may send. Mutations take an optional `client_id`, the idempotency key.
const key = { client_id: Type.Optional(ClientId) }

export const clientFrames = {
  subscribe: frame('subscribe', { conversation_id: Id, since: Type.Optional(Seq) }),
  unsubscribe: frame('unsubscribe', { conversation_id: Id }),
  subscribe_all: frame('subscribe_all', {
    cursors: Type.Optional(
      Type.Record(Id, Seq, { maxProperties: limits.cursors_per_request, additionalProperties: false })
    )
  }),
  send: frame('send', {
    conversation_id: Id,
    client_id: ClientId,
    body: Type.Optional(BodyText),
    attachment_ids: Type.Optional(AttachmentIds),
    reply_to_id: Type.Optional(Nullable(Id)),
    thread_id: Type.Optional(Nullable(Id))
  }),
  forward: frame('forward', {
    conversation_id: Id,
    client_id: ClientId,
    from: NewForward.properties.from
  }),
  edit: frame('edit', { conversation_id: Id, message_id: Id, body: BodyText, ...key }),
  delete: frame('delete', { conversation_id: Id, message_id: Id, ...key }),
  react: frame('react', { conversation_id: Id, message_id: Id, emoji: Emoji, ...key }),
  unreact: frame('unreact', { conversation_id: Id, message_id: Id, emoji: Emoji, ...key }),
  pin: frame('pin', { conversation_id: Id, message_id: Id, ...key }),
  unpin: frame('unpin', { conversation_id: Id, message_id: Id, ...key }),
  edit_conversation: frame('edit_conversation', {
    conversation_id: Id,
    ...ConversationEdit.properties,
    ...key
  }),
  join: frame('join', { conversation_id: Id, ...key }),
  add_member: frame('add_member', { conversation_id: Id, ...NewMember.properties, ...key }),
  remove_member: frame('remove_member', { conversation_id: Id, user_id: Id, ...key }),
  change_role: frame('change_role', { conversation_id: Id, user_id: Id, ...MemberEdit.properties, ...key }),
  hand_over: frame('hand_over', { conversation_id: Id, ...HandOver.properties, ...key }),
  ban: frame('ban', { conversation_id: Id, user_id: Id, ...NewBan.properties, ...key }),
  unban: frame('unban', { conversation_id: Id, user_id: Id, ...key }),
  mute: frame('mute', { conversation_id: Id, ...NewMute.properties, ...key }),
  unmute: frame('unmute', { conversation_id: Id, ...key }),
  read_thread: frame('read_thread', { conversation_id: Id, thread_id: Id, seq: Seq }),
  read: frame('read', { conversation_id: Id, seq: Seq }),
  typing: frame('typing', { conversation_id: Id, on: Type.Boolean() }),
  presence: frame('presence', { status: Type.Union([Type.Literal('online'), Type.Literal('away')]) })
} as const

export type ClientFrameType = keyof typeof clientFrames
export type ClientFrames = { [T in ClientFrameType]: Static<(typeof clientFrames)[T]> }
export type ClientFrame = ClientFrames[ClientFrameType]

/** The simple dialect's only client frame: either name of the text, anything else in it ignored. */
export const SimpleSend = Type.Union(
  [
    Type.Object({ body: BodyText, client_id: Type.Optional(ClientId) }),
    Type.Object({ content: BodyText, client_id: Type.Optional(ClientId) })
  ],
  { title: 'SimpleSend' }
)
export type SimpleSend = Static<typeof SimpleSend>
