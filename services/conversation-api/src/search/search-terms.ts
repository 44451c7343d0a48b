import type { SearchSettings } from './search-settings.ts'

const operators = /"|(?:^|\s)-|(?:^|\s)or(?:\s|$)/iu
/** Fewer letters in a row have no trigram of their own, and would have to be looked for in every message. */
const threeLetters = /[\p{L}\p{N}]{3}/u

/**
 * The parts of a text that are looked for within words and in what is written nearly like it. None where whole words decide
 * alone: without pg_trgm, and where phrases or operators are meant to the letter.
 */
export function partsOf(q: string, { trigrams }: SearchSettings): string[] {
  const text = q.trim()
  return trigrams && threeLetters.test(text) && !operators.test(text) ? text.split(/\s+/u) : []
}
