import type { Message } from '@parley/contracts'

/**
 * What few messages have, of the message `m`, as one JSON value; null, and nothing looked up, for all the others. For every
 * statement that reads messages.
 */
export const EXTRAS = `case when m.pinned_at is not null then jsonb_strip_nulls(jsonb_build_object(
  'pinned_at', m.pinned_at
)) end`

/** {@link EXTRAS} as the driver reads it. */
export interface MessageExtras {
  pinned_at?: string
}

/** The same as a message's optional fields. */
export function toExtras(extras: MessageExtras | null): Partial<Message> {
  if (extras === null) return {}
  const { pinned_at } = extras
  return pinned_at === undefined ? {} : { pinned_at: new Date(pinned_at).toISOString() }
}
