import type { Conversation } from '@parley/contracts'

/** An open conversation: what was said, and the composer below. `message` is a seq to show. */
export function MessagePane({ conversation }: { conversation: Conversation; message?: number }) {
  return <section aria-label={conversation.title ?? ''}></section>
}
