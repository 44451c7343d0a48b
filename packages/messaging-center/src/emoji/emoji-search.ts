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

/** Those with every word of what was typed, those first in which a word begins with it. */
export function findEmoji(typed: string): readonly Emoji[] {
  const wanted = fold(typed).split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return allEmoji
  const begins = ({ words }: Emoji) => wanted.every((part) => ` ${words}`.includes(` ${part}`))
  const found = allEmoji.filter(({ words }) => wanted.every((part) => words.includes(part)))
  return [...found.filter(begins), ...found.filter((one) => !begins(one))]
}

/** What it is called in a language: German, or English. */
export function emojiName({ names }: Emoji, language: string): string {
  return language.toLowerCase().startsWith('de') ? names[1] : names[0]
}
