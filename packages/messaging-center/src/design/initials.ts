const graphemes = new Intl.Segmenter()

/** The first letters of the first and the last word; whole letters, whatever they are made of. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => /[\p{L}\p{N}\p{Emoji_Presentation}]/u.test(word))
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words
  return ends.map((word = '') => firstOf(word.replace(/^[^\p{L}\p{N}\p{Emoji_Presentation}]+/u, ''))).join('')
}

const firstOf = (word: string) => {
  const [first] = graphemes.segment(word)
  return first ? first.segment.toLocaleUpperCase() : ''
}

/** The same colour for the same id everywhere; degrees on the wheel. */
export function hueOf(id: string): number {
  let sum = 0
  for (const char of id) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 9_973
  // A step that spreads neighbours over the wheel.
  return Math.round((sum * 137.508) % 360)
}
