import type { Conversation } from '@parley/contracts'

interface Props {
  conversation: Conversation
  root_id: string
  /** The seq of a reply to show. */
  message?: number
}

/** A thread beside its conversation. */
export function ThreadPanel(_props: Props) {
  return null
}
