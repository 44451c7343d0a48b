import { type Static, Type } from '@sinclair/typebox'
import { Id, Nullable, Seq, Time } from '../common/scalars.ts'
import { User } from './users.ts'

/**
 * One line of the inbox, derived from the number line: a message (a `mention` where it, or an edit of it, mentions me), its deletion, or
 * that someone added me; and whether I have read that far. `sender` wrote the message, or added me.
 */
export const InboxItem = Type.Object(
  {
    kind: Type.Union([
      Type.Literal('new_message'),
      Type.Literal('message_deleted'),
      Type.Literal('added'),
      Type.Literal('mention')
    ]),
    conversation_id: Id,
    message_id: Type.Optional(Id),
    seq: Seq,
    sender: User,
    preview: Nullable(Type.String()),
    at: Time,
    read: Type.Boolean()
  },
  { title: 'InboxItem', additionalProperties: false }
)
export type InboxItem = Static<typeof InboxItem>

export const Inbox = Type.Object(
  {
    items: Type.Array(InboxItem),
    next_cursor: Nullable(Type.String()),
    unread: Type.Object(
      { conversations: Type.Integer(), messages: Type.Integer() },
      {
        additionalProperties: false,
        description:
          'Exact up to 999 messages; 1,000 means "or more", and so then does the number of conversations.'
      }
    )
  },
  { title: 'Inbox', additionalProperties: false }
)
export type Inbox = Static<typeof Inbox>

/** Marks one conversation read up to its head, or all of them. */
export const InboxRead = Type.Object(
  { conversation_id: Type.Optional(Id) },
  { title: 'InboxRead', additionalProperties: false }
)
export type InboxRead = Static<typeof InboxRead>
