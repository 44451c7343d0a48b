import type { Message } from '@parley/contracts'
import { useRef, useState } from 'preact/hooks'
import { useCenter } from '../app/context.ts'
import { useStore } from '../app/use-store.ts'
import { isLooking } from './is-looking.ts'
import { firstUnread } from './message-rows.ts'
import type { Pane } from './pane-context.ts'

/**
 * The message before which the line of what is new is drawn: where one had read to when one came. It stays there. What comes while one is
 * in another window gets a line as well, once everything above it was read.
 */
export function useFirstUnread(
  pane: Pane,
  messages: readonly Message[],
  isReady: boolean
): number | undefined {
  const { me } = useCenter()
  const { read_seq = Infinity } = useStore(pane.messages)
  const opened = useRef(pane.thread_id === undefined ? pane.conversation.read_seq : undefined)
  /** The last message that was drawn; undefined before anything was. */
  const last = useRef<number>(undefined)
  const [line, setLine] = useState<number>()
  if (!isReady) return line
  // While drawing, not after it: the list opens at the line, and does not scroll past it.
  const before = last.current
  last.current = messages.at(-1)?.seq ?? 0
  const read = pane.thread_id === undefined ? pane.conversation.read_seq : 0
  const from = before === undefined ? (opened.current ?? read_seq) : Math.max(before, read)
  const isNew = before === undefined || (last.current > before && !isLooking())
  const isDone = line === undefined || (line <= read && read > 0)
  const first = isNew && isDone ? firstUnread(messages, from, me.id) : undefined
  if (first === undefined || first === line) return line
  setLine(first)
  return first
}
