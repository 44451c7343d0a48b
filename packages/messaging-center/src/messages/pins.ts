import type { Message } from '@parley/contracts'

/** The list after a message has changed: with it in its place while it is pinned, else without it. */
export function withPin(pins: readonly Message[], message: Message): readonly Message[] {
  const others = pins.filter(({ id }) => id !== message.id)
  if (message.pinned_at === undefined || message.deleted_at !== null) return others
  return [...others, message].toSorted((one, other) =>
    (one.pinned_at ?? '') < (other.pinned_at ?? '') ? 1 : -1
  )
}
