import type { Message } from '@parley/contracts'
import type { OutboxEntry } from '../outbox/outbox.ts'

type Outgoing = readonly OutboxEntry[]

/** What is on its way, after one of it has changed. One that was sent stays until its message is there, or everything up to `head` is. */
export function outgo(
  outgoing: Outgoing,
  entry: OutboxEntry,
  { messages, head }: { messages: readonly Message[]; head: number }
): Outgoing {
  const others = outgoing.filter(({ client_id }) => client_id !== entry.client_id)
  const isThere = messages.some(({ client_id }) => client_id === entry.client_id)
  if (entry.error?.code === 'discarded' || isThere || (entry.seq ?? Infinity) <= head) return others
  const at = outgoing.findIndex(({ client_id }) => client_id === entry.client_id)
  return others.toSpliced(at < 0 ? others.length : at, 0, entry)
}

/** Without those that have arrived. */
export function withoutArrived(outgoing: Outgoing, messages: readonly Message[]): Outgoing {
  const arrived = new Set(messages.map(({ client_id }) => client_id))
  return outgoing.some(({ client_id }) => arrived.has(client_id))
    ? outgoing.filter(({ client_id }) => !arrived.has(client_id))
    : outgoing
}
