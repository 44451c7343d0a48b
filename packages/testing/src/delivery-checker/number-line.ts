import type { Truth } from './truth.ts'

/** One place on a conversation's number line. */
export interface Entry {
  seq: number
  kind: string
  subject: string
  actor: string
  /** The next place of the same subject: a page read after that does not show this one any more. */
  next: number | undefined
}

export interface NumberLine {
  conversation: string
  last_seq: number
  /** By seq. */
  entries: Map<number, Entry>
  /** Two rows that claim one number. */
  collisions: Entry[]
}

/** `messages.seq ∪ changes.seq`, by conversation. */
export function numberLines({ conversations, messages, changes }: Truth): Map<string, NumberLine> {
  const lines = new Map<string, NumberLine>()
  for (const { id, last_seq } of conversations) {
    lines.set(id, { conversation: id, last_seq, entries: new Map(), collisions: [] })
  }
  const put = (conversation: string, entry: Omit<Entry, 'next'>) => {
    const line = lines.get(conversation)
    if (!line) return
    const whole = { ...entry, next: undefined }
    if (line.entries.has(entry.seq)) line.collisions.push(whole)
    else line.entries.set(entry.seq, whole)
  }
  for (const { conversation, seq, id, sender } of messages) {
    put(conversation, { seq, kind: 'message.created', subject: id, actor: sender })
  }
  for (const { conversation, seq, kind, subject, actor } of changes) {
    put(conversation, { seq, kind, subject, actor })
  }
  for (const line of lines.values()) linkSubjects(line)
  return lines
}

function linkSubjects({ entries }: NumberLine): void {
  const next = new Map<string, number>()
  for (const seq of [...entries.keys()].toSorted((a, b) => b - a)) {
    const entry = entries.get(seq)
    if (!entry) continue
    // A user's id and a message's never meet: the first part of the kind is not needed in the key.
    entry.next = next.get(entry.subject)
    next.set(entry.subject, seq)
  }
}
