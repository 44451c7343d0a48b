import type { Message } from '@parley/contracts'

/** What was pressed and is not done yet: on or off, by emoji. */
export type Wanted = Readonly<Record<string, boolean>>
type Reactions = Message['reactions']

/** Reactions as they will be. One that nobody else has stays until it is gone. */
export function withWanted(reactions: Reactions, wanted: Wanted): Reactions {
  return reactions.map((one) => {
    const on = wanted[one.emoji]
    if (on === undefined || on === (one.me ?? false)) return one
    return { ...one, me: on, count: Math.max(0, one.count + (on ? 1 : -1)) }
  })
}

/** What of it is still to be done. */
export function withoutDone(wanted: Wanted, reactions: Reactions): Wanted {
  const isMine = (emoji: string) => reactions.find((one) => one.emoji === emoji)?.me ?? false
  const left = Object.entries(wanted).filter(([emoji, on]) => isMine(emoji) !== on)
  return left.length === Object.keys(wanted).length ? wanted : Object.fromEntries(left)
}
