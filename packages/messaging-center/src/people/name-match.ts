/** As it is compared: without case and accents. */
export function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
}

const wordsOf = (text: string) =>
  fold(text)
    .split(/[^\p{L}\p{N}\p{S}]+/u)
    .filter(Boolean)

/**
 * How well what was typed fits a name: 0 not at all. Every word of it must begin a word of the name, in any order, or stand within one.
 * A name that begins with it fits best, then one whose words do, then one that has it somewhere.
 *
 * @example fit('ja sm', 'Smith, Jane') > fit('mit', 'Smith, Jane')
 */
export function fit(typed: string, name: string): number {
  const wanted = wordsOf(typed)
  if (wanted.length === 0) return typed.trim() ? Number(fold(name).includes(fold(typed.trim()))) : 1
  const folded = fold(name)
  if (folded.startsWith(fold(typed.trim()))) return 4
  const words = wordsOf(name)
  if (wanted.every((part) => words.some((word) => word.startsWith(part)))) return 3
  if (wanted.every((part) => folded.includes(part))) return 2
  return 0
}

/** The best fit of several names of the same. */
export function bestFit(typed: string, names: readonly string[]): number {
  return Math.max(0, ...names.map((name) => fit(typed, name)))
}
