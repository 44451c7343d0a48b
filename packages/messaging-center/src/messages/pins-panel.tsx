import type { Conversation } from '@parley/contracts'

/** What is pinned in a conversation, beside it. */
export function PinsPanel(_props: { conversation: Conversation }) {
  return null
}
