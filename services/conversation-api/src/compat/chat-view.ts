import type { Chat, ChatMessage, Conversation, Message, User } from '@parley/contracts'

/** A conversation under the second dialect's names. */
export function toChat(conversation: Conversation, participants: User[]): Chat {
  const { id, title: name, last_message, created_at } = conversation
  return {
    id,
    name,
    participants,
    last_message: last_message && toChatMessage(last_message),
    created_at
  }
}

/** A message under the second dialect's names. */
export function toChatMessage(message: Message): ChatMessage {
  const { id, conversation_id: chat, seq, sender, body: content, created_at } = message
  return { id, chat, seq, sender, content, created_at }
}
