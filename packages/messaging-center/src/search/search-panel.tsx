import type { Conversation } from '@parley/contracts'

/** Finds messages, beside a conversation: in it, or in all of mine. */
export function SearchPanel(_props: { conversation: Conversation }) {
  return null
}
