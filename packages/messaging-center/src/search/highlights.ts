import type { SearchHit } from '@parley/contracts'

/** A stretch of a text as it is shown; `marked` where it was found. */
export interface Part {
  text: string
  marked: boolean
}

/** In code points: how much is shown, and how much of it before what was found. */
const SHOWN = 300
const BEFORE = 60

/**
 * The part of a body around the first thing that was found in it, cut where it is marked. Offsets are code points; one outside of the
 * text, or that overlaps another, does no harm.
 *
 * @example highlight('so good', [{ start: 3, end: 7 }]) // [{ text: 'so ', marked: false }, { text: 'good', marked: true }]
 */
export function highlight(body: string, highlights: SearchHit['highlights']): readonly Part[] {
  const letters = Array.from(body)
  const first = highlights[0]?.start ?? 0
  const from = letters.length <= SHOWN || first <= BEFORE ? 0 : first - BEFORE
  const to = Math.min(letters.length, from + SHOWN)
  const parts: Part[] = []
  let at = from
  const add = (end: number, marked: boolean) => {
    if (end > at) parts.push({ text: letters.slice(at, end).join(''), marked })
    at = Math.max(at, end)
  }
  for (const { start, end } of highlights.toSorted((one, other) => one.start - other.start)) {
    add(Math.min(start, to), false)
    add(Math.min(end, to), true)
  }
  add(to, false)
  if (from > 0) parts.unshift({ text: '… ', marked: false })
  if (to < letters.length) parts.push({ text: ' …', marked: false })
  return parts
}
