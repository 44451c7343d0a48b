import type { Conversation } from '@parley/contracts'

/** Whose conversation this is, and the buttons of its panels. */
export function ConversationHeader({ conversation }: { conversation: Conversation }) {
  return <header>{conversation.title}</header>
}
