import { fold } from '../people/name-match.ts'
import { type EmojiGroup, emojiGroups } from './emoji-list.ts'

export interface Emoji {
  emoji: string
  /** In English and in German. */
  names: readonly [en: string, de: string]
  group: EmojiGroup
  words: string
}

export const allEmoji: readonly Emoji[] = Object.entries(emojiGroups).flatMap(([group, lines]) =>
  lines
    .trim()
    .split('\n')
    .map((line) => {
      const [emoji = '', en = '', de = '', more = ''] = line.split('|')
      return { emoji, names: [en, de], group: group as EmojiGroup, words: fold(`${en} ${de} ${more}`) }
    })
)

/** Those with every word of what was typed: first those that have it as a word, then those with a word that begins so. */
export function findEmoji(typed: string): readonly Emoji[] {
  const wanted = fold(typed).split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return allEmoji
  const fits = (text: string, part: string) =>
    text.includes(` ${part} `) ? 2 : text.includes(` ${part}`) ? 1 : text.includes(part) ? 0 : -1
  return allEmoji
    .map((emoji) => ({ emoji, fit: Math.min(2, ...wanted.map((part) => fits(` ${emoji.words} `, part))) }))
    .filter(({ fit }) => fit >= 0)
    .toSorted((one, other) => other.fit - one.fit)
    .map(({ emoji }) => emoji)
}

/** What it is called in a language: German, or English. */
export function emojiName({ names }: Emoji, language: string): string {
  return language.toLowerCase().startsWith('de') ? names[1] : names[0]
}
