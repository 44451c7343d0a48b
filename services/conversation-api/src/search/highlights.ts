import type { Highlight } from '@parley/contracts'

interface Range {
  start: number
  end: number
}

/** What the database puts around matched words: chosen anew for each question, so that no body contains it. */
export interface Marks {
  start: string
  stop: string
}

/**
 * Where a body matches: the words between the marks in `marked`, and each of `words` wherever it stands, merged and in order.
 *
 * @example
 * findHighlights('to be', { marked: 'to <be>', marks: { start: '<', stop: '>' }, words: [] }) // [{ start: 3, end: 5 }]
 */
export function findHighlights(
  body: string,
  { marked, marks, words }: { marked: string | null; marks: Marks; words: readonly string[] }
): Highlight[] {
  const ranges = [...markedRanges(body, marked, marks), ...words.flatMap((word) => occurrences(body, word))]
  return inCodePoints(body, merge(ranges))
}

function markedRanges(body: string, marked: string | null, { start, stop }: Marks): Range[] {
  const [before = '', ...pieces] = (marked ?? '').split(start)
  const ranges: Range[] = []
  let text = before
  for (const piece of pieces) {
    const [match = '', rest = ''] = piece.split(stop)
    ranges.push({ start: text.length, end: text.length + match.length })
    text += match + rest
  }
  // Whatever the database left out or put in would shift the rest.
  return text === body ? ranges : []
}

function occurrences(body: string, word: string): Range[] {
  const literal = new RegExp(word.replace(/[$()*+./?[\\\]^{|}]/gu, '\\$&'), 'giu')
  return Array.from(body.matchAll(literal), ({ index, 0: found }) => ({
    start: index,
    end: index + found.length
  }))
}

function merge(ranges: readonly Range[]): Range[] {
  const merged: Range[] = []
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end)
    else if (range.end > range.start) merged.push({ ...range })
  }
  return merged
}

/** From the offsets of JavaScript's strings to code points. */
function inCodePoints(body: string, ranges: readonly Range[]): Highlight[] {
  let units = 0
  let points = 0
  const pointsAt = (offset: number) => {
    points += Array.from(body.slice(units, offset)).length
    units = offset
    return points
  }
  return ranges.map(({ start, end }) => ({ start: pointsAt(start), end: pointsAt(end) }))
}
