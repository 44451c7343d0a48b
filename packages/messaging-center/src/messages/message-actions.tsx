import type { Message } from '@parley/contracts'

/** What can be done with a message: a toolbar on hover and focus, and the same as a menu. */
export function MessageActions(_props: { message: Message }) {
  return null
}
