import { type Static, Type } from '@sinclair/typebox'
import { limits } from '../common/limits.ts'
import { Id, Nullable, Seq, Time } from '../common/scalars.ts'
import { BodyText, ClientId } from '../common/text.ts'
import { Attachment, AttachmentIds } from './attachments.ts'
import { User } from './users.ts'

/** One emoji on a message; `me` only in REST answers, where it is the caller's own. */
export const ReactionCount = Type.Object(
  { emoji: Type.String(), count: Type.Integer(), me: Type.Optional(Type.Boolean()) },
  { title: 'ReactionCount', additionalProperties: false }
)
export type ReactionCount = Static<typeof ReactionCount>

/**
 * What is said about a thread at its root: replies that were not deleted, and the last of them. `changed_seq` is the last creation
 * or deletion of a reply that is counted here.
 */
export const ThreadSummary = Type.Object(
  {
    reply_count: Type.Integer(),
    last_reply: Type.Optional(
      Type.Object(
        { message_id: Id, seq: Seq, sender: User, created_at: Time },
        { title: 'LastReply', additionalProperties: false }
      )
    ),
    changed_seq: Seq
  },
  { title: 'ThreadSummary', additionalProperties: false }
)
export type ThreadSummary = Static<typeof ThreadSummary>

/** Whose words a copy has. The conversation is only named to those who see it. */
export const ForwardedFrom = Type.Object(
  { conversation_id: Type.Optional(Id), message_id: Id, sender: User },
  { title: 'ForwardedFrom', additionalProperties: false }
)
export type ForwardedFrom = Static<typeof ForwardedFrom>

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
    // The root of the thread it is a reply in.
    thread_id: Type.Optional(Id),
    // Of a root.
    thread: Type.Optional(ThreadSummary),
    // Members that its text mentions.
    mentions: Type.Optional(Type.Array(Id)),
    forwarded_from: Type.Optional(ForwardedFrom),
    pinned_at: Type.Optional(Time),
    attachments: Type.Optional(Type.Array(Attachment))
  },
  { title: 'Message', additionalProperties: false }
)
export type Message = Static<typeof Message>

/** What is said in words may be left out where files are. */
export const NewMessage = Type.Object(
  {
    body: Type.Optional(BodyText),
    attachment_ids: Type.Optional(AttachmentIds),
    client_id: Type.Optional(ClientId),
    reply_to_id: Type.Optional(Nullable(Id)),
    thread_id: Type.Optional(Nullable(Id))
  },
  { title: 'NewMessage', additionalProperties: false }
)
export type NewMessage = Static<typeof NewMessage>

const Source = Type.Object(
  { conversation_id: Id, message_id: Id },
  { title: 'ForwardSource', additionalProperties: false }
)

/** The message to send a copy of. */
export const NewForward = Type.Object(
  { from: Source, client_id: Type.Optional(ClientId) },
  { title: 'NewForward', additionalProperties: false }
)
export type NewForward = Static<typeof NewForward>

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

/** Members who have read as far as this message, by id; not its sender, nobody who came later, and nobody who hides it. */
export const SeenPage = Type.Object(
  { items: Type.Array(User), next_cursor: Nullable(Type.String()) },
  { title: 'SeenPage', additionalProperties: false }
)
export type SeenPage = Static<typeof SeenPage>
