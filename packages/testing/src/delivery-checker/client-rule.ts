/**
 * What a client does with a durable frame, by its cursor. A client without one yet starts where the first frame says it follows.
 *
 * @example
 * if (clientRule(cursor, frame) === 'apply') cursor = frame.seq
 */
export function clientRule(
  cursor: number | undefined,
  { seq, prev }: { seq: number; prev: number }
): 'drop' | 'apply' | 'resubscribe' {
  if (cursor === undefined) return 'apply'
  if (seq <= cursor) return 'drop'
  return prev <= cursor ? 'apply' : 'resubscribe'
}
