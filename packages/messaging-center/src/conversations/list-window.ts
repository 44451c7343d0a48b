export interface ListWindow {
  /** The first that is drawn, and the one after the last. */
  from: number
  to: number
}

/** So many are drawn beyond either edge, for the next turn of the wheel. */
const BEYOND = 6

/** Which rows of a long list are near what is seen. All heights in pixels. */
export function windowOf(view: { top: number; height: number; row: number; count: number }): ListWindow {
  const { top, height, row, count } = view
  if (row <= 0) return { from: 0, to: Math.min(count, 1) }
  const from = Math.max(0, Math.min(Math.floor(top / row) - BEYOND, count))
  const to = Math.min(count, Math.ceil((top + height) / row) + BEYOND)
  return { from, to: Math.max(from, to) }
}

/** How far to scroll so that a row is seen as a whole; undefined where it is already. */
export function scrollTo(
  index: number,
  { top, height, row }: { top: number; height: number; row: number }
): number | undefined {
  const start = index * row
  if (start < top) return start
  if (start + row > top + height) return start + row - height
  return undefined
}
