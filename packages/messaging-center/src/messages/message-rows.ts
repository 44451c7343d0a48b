import type { OutboxEntry } from '@parley/client'
import type { Message } from '@parley/contracts'

/** A message as it stands in the list, or one that is on its way. */
export type Row = MessageRow | OutgoingRow

export interface MessageRow {
  kind: 'message'
  message: Message
  /** By the same person as the one before, soon after it: without its head. */
  grouped: boolean
  /** The first one that was not read when the conversation was opened: a line is drawn before it. */
  first_unread: boolean
}

export interface OutgoingRow {
  kind: 'outgoing'
  entry: OutboxEntry
  grouped: boolean
}

/** What was said on one day, of the reader's. */
export interface Day {
  /** Such as `2026-03-01`. */
  key: string
  at: Date
  rows: readonly Row[]
}

export interface Said {
  messages: readonly Message[]
  outgoing: readonly OutboxEntry[]
  /** The message that a thread is about: nothing is grouped with it. */
  root_id?: string | undefined
  first_unread?: number | undefined
  /** My id. */
  me: string
}

const TOGETHER_MS = 5 * 60_000

/** Everything by the day, each knowing how it stands to the one before. */
export function daysOf({ messages, outgoing, root_id, first_unread, me }: Said): readonly Day[] {
  const days: { key: string; at: Date; rows: Row[] }[] = []
  let before: { by: string; at: number } | undefined
  const add = (by: string, at: number, row: (isTogether: boolean) => Row) => {
    const date = new Date(at)
    const key = dayKey(date)
    let day = days.at(-1)
    if (day?.key !== key) {
      day = { key, at: date, rows: [] }
      days.push(day)
      before = undefined
    }
    day.rows.push(row(before !== undefined && before.by === by && at - before.at < TOGETHER_MS))
    before = { by, at }
  }
  for (const message of messages) {
    const isFirst = message.seq === first_unread
    add(message.sender.id, Date.parse(message.created_at), (isTogether) => ({
      kind: 'message',
      message,
      // What was forwarded has a head of its own: whose words they are.
      grouped: isTogether && !isFirst && !message.forwarded_from,
      first_unread: isFirst
    }))
    if (message.id === root_id) before = undefined
  }
  for (const entry of outgoing)
    add(me, entry.queued_at, (isTogether) => ({ kind: 'outgoing', entry, grouped: isTogether }))
  return days
}

/** The first message that somebody else said after one had read so far, tombstones left out. */
export function firstUnread(messages: readonly Message[], read_seq: number, me: string): number | undefined {
  return messages.find((message) => isNews(message, read_seq, me))?.seq
}

/** How many others said after a seq. */
export function countAfter(messages: readonly Message[], seq: number, me: string): number {
  return messages.filter((message) => isNews(message, seq, me)).length
}

function isNews({ seq, sender, deleted_at }: Message, after: number, me: string): boolean {
  return seq > after && sender.id !== me && deleted_at === null
}

function dayKey(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
