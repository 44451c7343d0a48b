import { ProblemError } from '@parley/contracts'

type Part = string | number

/**
 * Where a page ended, as an opaque text. Example: `encodeCursor([1764000000000, id])`.
 */
export function encodeCursor(parts: readonly Part[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/**
 * Reads {@link encodeCursor} where `isCursor` knows the parts; undefined without a cursor. Throws `validation_failed` for
 * what this list did not give out.
 */
export function decodeCursor<T extends readonly Part[]>(
  cursor: string | undefined,
  isCursor: (value: unknown) => value is T
): T | undefined {
  if (cursor === undefined) return undefined
  const parts = parse(cursor)
  if (isCursor(parts)) return parts
  throw new ProblemError('validation_failed', {
    errors: [{ pointer: '/query/cursor', reason: 'is no cursor of this list' }]
  })
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}

/** What a page of `limit` holds and how to go on, given one row more than that. */
export function toPage<R, I>(
  rows: readonly R[],
  limit: number,
  { item, cursor }: { item: (row: R) => I; cursor: (row: R) => Part[] }
): { items: I[]; next_cursor: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(item),
    next_cursor: last !== undefined && rows.length > limit ? encodeCursor(cursor(last)) : null
  }
}
