// Pictures that are text unless a presentation selector or a skin tone follows.
const unqualified = /(?=\p{Emoji})\P{Emoji_Presentation}(?!\uFE0F|\p{Emoji_Modifier})/gu
const SELECTOR = '\uFE0F'

/**
 * The one spelling of an emoji: with every presentation selector that belongs to it, and no other. Example: the heart
 * `\u2764` is the same as `\u2764\uFE0F`.
 */
export function qualifiedEmoji(emoji: string): string {
  const bare = emoji.replaceAll(SELECTOR, '')
  return bare.replaceAll(unqualified, (picture) => picture + SELECTOR)
}
