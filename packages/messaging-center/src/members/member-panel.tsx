import type { Conversation } from '@parley/contracts'

/** Who is in a conversation, beside it. */
export function MemberPanel(_props: { conversation: Conversation }) {
  return null
}
