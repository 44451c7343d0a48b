/**
 * Where a client's cursor is after `subscribed`: at the head, if everything between was asked for or there was no cursor yet.
 */
export function afterSubscribed(
  cursor: number | undefined,
  { since = 0, head = 0 }: { since?: number | undefined; head?: number | undefined }
): number {
  if (cursor === undefined) return head
  return since <= cursor ? Math.max(cursor, head) : cursor
}

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
