import type { Conversation } from '@parley/contracts'

/** The threads of a conversation, beside it. */
export function ThreadsPanel(_props: { conversation: Conversation }) {
  return null
}
