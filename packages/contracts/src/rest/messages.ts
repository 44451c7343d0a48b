import { type Static, Type } from '@sinclair/typebox'
import { limits } from '../common/limits.ts'
import { Id, Nullable, Seq, Time } from '../common/scalars.ts'
import { BodyText, ClientId } from '../common/text.ts'
import { User } from './users.ts'

/** One emoji on a message; `me` only in REST answers, where it is the caller's own. */
export const ReactionCount = Type.Object(
  { emoji: Type.String(), count: Type.Integer(), me: Type.Optional(Type.Boolean()) },
  { title: 'ReactionCount', additionalProperties: false }
)
export type ReactionCount = Static<typeof ReactionCount>

/** A chat message. `seq` is its place for ever, `changed_seq` its last change; a deleted one keeps its place and loses its body.
 * The optional fields are left out where there is nothing to say. */
export const Message = Type.Object(
  {
    id: Id,
    conversation_id: Id,
    seq: Seq,
    changed_seq: Seq,
    sender: User,
    body: Nullable(Type.String()),
    client_id: Nullable(Type.String()),
    reply_to_id: Nullable(Id),
    reactions: Type.Array(ReactionCount),
    created_at: Time,
    edited_at: Nullable(Time),
    deleted_at: Nullable(Time),
    pinned_at: Type.Optional(Time)
  },
  { title: 'Message', additionalProperties: false }
)
export type Message = Static<typeof Message>

export const NewMessage = Type.Object(
  { body: BodyText, client_id: Type.Optional(ClientId), reply_to_id: Type.Optional(Nullable(Id)) },
  { title: 'NewMessage', additionalProperties: false }
)
export type NewMessage = Static<typeof NewMessage>

export const MessageEdit = Type.Object(
  { body: BodyText },
  { title: 'MessageEdit', additionalProperties: false }
)
export type MessageEdit = Static<typeof MessageEdit>

/** `before` and `after` are seqs and exclusive; without either: the newest. */
export const MessageQuery = Type.Object(
  {
    before: Type.Optional(Seq),
    after: Type.Optional(Seq),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.page_max, default: limits.page }))
  },
  { title: 'MessageQuery', additionalProperties: false }
)
export type MessageQuery = Static<typeof MessageQuery>

/** Ascending by seq. `head` is a cursor to subscribe from: what this page shows is as of then or newer. */
export const MessagePage = Type.Object(
  { items: Type.Array(Message), next_cursor: Nullable(Type.String()), head: Seq },
  { title: 'MessagePage', additionalProperties: false }
)
export type MessagePage = Static<typeof MessagePage>

export const MessageList = Type.Object(
  { items: Type.Array(Message), next_cursor: Nullable(Type.String()) },
  { title: 'MessageList', additionalProperties: false }
)
export type MessageList = Static<typeof MessageList>

/** What a message said until the edit `replaced_by_seq`. */
export const MessageVersion = Type.Object(
  { body: Type.String(), replaced_by_seq: Seq, replaced_at: Time },
  { title: 'MessageVersion', additionalProperties: false }
)
export type MessageVersion = Static<typeof MessageVersion>

export const MessageVersionPage = Type.Object(
  { items: Type.Array(MessageVersion), next_cursor: Nullable(Type.String()) },
  { title: 'MessageVersionPage', additionalProperties: false }
)
export type MessageVersionPage = Static<typeof MessageVersionPage>

export const ReadPosition = Type.Object({ seq: Seq }, { title: 'ReadPosition', additionalProperties: false })
export type ReadPosition = Static<typeof ReadPosition>

export const ReadState = Type.Object(
  { conversation_id: Id, read_seq: Seq, unread_count: Type.Integer() },
  { title: 'ReadState', additionalProperties: false }
)
export type ReadState = Static<typeof ReadState>
