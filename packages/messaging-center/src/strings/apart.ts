// Letters that run from the right, and signs that turn around what comes after them.
const TURNING =
  /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
const ISOLATE = '\u2068'
const END = '\u2069'

/**
 * A name, or whatever else people wrote, as a part of a sentence: it has its own direction, and the sentence keeps its own. What it begins
 * ends with it, and it ends nothing that it has not begun.
 */
export function apart(value: string): string {
  if (!TURNING.test(value)) return value
  let open = 0
  const balanced = value.replaceAll(/[\u2066-\u2069]/g, (sign) => {
    if (sign !== END) open++
    else if (open-- === 0) {
      open = 0
      return ''
    }
    return sign
  })
  return ISOLATE + balanced + END.repeat(open + 1)
}
