import { type Static, Type } from '@sinclair/typebox'
import { limits } from '../common/limits.ts'
import { Id, Nullable, Seq, Time } from '../common/scalars.ts'
import { BodyText, TitleText } from '../common/text.ts'
import { User } from './users.ts'

// The dialect of /api: old clients send fields that mean nothing here (`chat` among them), so unknown ones are ignored.

/** A message under the second dialect's names. */
export const ChatMessage = Type.Object(
  { id: Id, chat: Id, seq: Seq, sender: User, content: Nullable(Type.String()), created_at: Time },
  { title: 'ChatMessage', additionalProperties: false }
)
export type ChatMessage = Static<typeof ChatMessage>

export const Chat = Type.Object(
  {
    id: Id,
    name: Nullable(Type.String()),
    participants: Type.Array(User),
    last_message: Nullable(ChatMessage),
    created_at: Time
  },
  { title: 'Chat', additionalProperties: false }
)
export type Chat = Static<typeof Chat>

export const NewChat = Type.Object(
  {
    name: Type.Optional(Nullable(TitleText)),
    participants: Type.Optional(Type.Array(Id, { maxItems: limits.members_per_request }))
  },
  { title: 'NewChat' }
)
export type NewChat = Static<typeof NewChat>

export const NewChatMessage = Type.Object({ content: BodyText }, { title: 'NewChatMessage' })
export type NewChatMessage = Static<typeof NewChatMessage>
