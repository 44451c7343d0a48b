import type { Client } from '@parley/client'
import type { Message } from '@parley/contracts'

/** Adds one's reaction, or takes it back where it is there. */
export function toggleReaction(client: Client, message: Message, emoji: string): Promise<void> {
  const conversation = client.conversation(message.conversation_id)
  const mine = message.reactions.some((one) => one.me && isSame(one.emoji, emoji))
  return mine ? conversation.unreact(message.id, emoji) : conversation.react(message.id, emoji)
}

/** With and without the sign that asks for a picture it is one emoji. */
const isSame = (one: string, other: string) => plain(one) === plain(other)
const plain = (emoji: string) => emoji.replaceAll('\uFE0F', '')
