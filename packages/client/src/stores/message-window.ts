import type { Message } from '@parley/contracts'
import { merge } from './message-states.ts'

/** A stretch of what was said, without a hole in it. */
export interface MessageWindow {
  messages: readonly Message[]
  /** There is something before the first one. */
  has_older: boolean
  /** There is something after the last one: what is said now is not shown until one is there again. */
  has_newer: boolean
}

/** Which end is looked at: at the other one falls out what there is no room for. */
export type End = 'older' | 'newer'

/** With more in it, and no more than `room` messages. */
export function grow(
  { messages, has_older, has_newer }: MessageWindow,
  more: readonly Message[],
  { end, room }: { end: End; room: number }
): MessageWindow {
  const all = merge(messages, more)
  if (all.length <= room) return { messages: all, has_older, has_newer }
  if (end === 'older') return { messages: all.slice(0, room), has_older, has_newer: true }
  return { messages: all.slice(-room), has_older: true, has_newer }
}

/** Whether a message belongs between what is there, or next to it. */
export function belongs({ messages, has_older, has_newer }: MessageWindow, { seq }: Message): boolean {
  const isWithin = (edge: Message | undefined, side: 1 | -1) =>
    edge !== undefined && (edge.seq - seq) * side <= 0
  return (!has_older || isWithin(messages[0], 1)) && (!has_newer || isWithin(messages.at(-1), -1))
}
