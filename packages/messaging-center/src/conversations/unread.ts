import type { Conversation } from '@parley/contracts'
import type { Strings } from '../strings/strings.ts'

/** The server counts no further. */
const EXACT_TO = 999

/** A count as a badge has room for it: 1, 2 … 999+. */
export function countText(n: number, { number }: Pick<Strings, 'number'>): string {
  return n > EXACT_TO ? `${number(EXACT_TO)}+` : number(n)
}

/** What is unread of all that one wants to hear of: of what is muted nothing, or the mentions. */
export function unreadTotal(
  items: readonly Pick<Conversation, 'unread_count' | 'mention_count' | 'mute'>[]
): number {
  let total = 0
  for (const { unread_count, mention_count = 0, mute } of items)
    total += !mute ? unread_count : mute.keep === 'mentions' ? mention_count : 0
  return total
}
