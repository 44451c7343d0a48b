import type { Message } from '@parley/contracts'

/** By id, the later state of each, ascending by seq. */
export function merge(known: readonly Message[], more: readonly Message[]): readonly Message[] {
  if (more.length === 0) return known
  const all = new Map(known.map((message) => [message.id, message]))
  for (const message of more) all.set(message.id, later(all.get(message.id), message))
  return [...all.values()].toSorted((one, other) => one.seq - other.seq)
}

/** Of two states of a message the later one. A root's thread changes without it, and only REST says which reactions are mine. */
export function later(before: Message | undefined, message: Message): Message {
  if (!before) return message
  const isLater = before.changed_seq <= message.changed_seq
  const [old, fresh] = isLater ? [before, message] : [message, before]
  const isNewerThread = (old.thread?.changed_seq ?? 0) > (fresh.thread?.changed_seq ?? 0)
  const reactions = fresh.reactions.map((one) => {
    const mine = old.reactions.find(({ emoji }) => emoji === one.emoji)?.me
    return one.me !== undefined || mine === undefined ? one : { ...one, me: mine }
  })
  return { ...fresh, reactions, ...(old.thread && isNewerThread ? { thread: old.thread } : {}) }
}

/** Whether this state, as a frame brought it, leaves open which of its reactions are mine. */
export function isUnsure({ reactions }: Message, known: Message): boolean {
  const count = (emoji: string) => known.reactions.find((one) => one.emoji === emoji)?.count
  return reactions.some((one) => one.me === undefined && one.count !== count(one.emoji))
}

export interface Reaction {
  emoji: string
  count: number
  /** The change's. */
  seq: number
  /** I put it there, or took it away. */
  mine?: boolean
}

/** A reaction keeps its place while there is one; a new emoji comes last. */
export function react(message: Message, { emoji, count, seq, mine }: Reaction): Message {
  if (message.changed_seq >= seq) return message
  const at = message.reactions.findIndex((one) => one.emoji === emoji)
  const known = message.reactions[at]
  const changed = { ...known, emoji, count, ...(mine === undefined ? {} : { me: mine }) }
  const place = at < 0 ? message.reactions.length : at
  const reactions = message.reactions.toSpliced(place, 1, ...(count === 0 ? [] : [changed]))
  return { ...message, changed_seq: seq, reactions }
}

/** The root of a thread in which somebody replied: rule THR-2 of the protocol. */
export function countReply(root: Message, { id, seq, sender, created_at, deleted_at }: Message): Message {
  if (deleted_at !== null || seq <= (root.thread?.changed_seq ?? 0)) return root
  const reply_count = (root.thread?.reply_count ?? 0) + 1
  const last_reply = { message_id: id, seq, sender, created_at }
  return { ...root, thread: { reply_count, last_reply, changed_seq: seq } }
}

/** The root of a thread in which a reply was deleted. Which one is the last now is not known where it was that one. */
export function uncountReply(root: Message, { id, changed_seq }: Message): Message {
  const { thread } = root
  if (!thread || changed_seq <= thread.changed_seq) return root
  const { last_reply, reply_count } = thread
  const last = last_reply && last_reply.message_id !== id ? { last_reply } : {}
  return { ...root, thread: { reply_count: reply_count - 1, changed_seq, ...last } }
}
