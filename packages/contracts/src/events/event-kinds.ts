/** What a durable change can be: the `kind` in `changes`, in the outbox and in an event's subject. */
export const eventKinds = [
  'message.created',
  'message.edited',
  'message.deleted',
  'message.reacted',
  'message.pinned',
  'message.unpinned',
  'member.added',
  'member.removed',
  'member.changed',
  'conversation.changed',
  'conversation.deleted'
] as const
export type EventKind = (typeof eventKinds)[number]

const known: ReadonlySet<string> = new Set(eventKinds)

export function isEventKind(value: string): value is EventKind {
  return known.has(value)
}
