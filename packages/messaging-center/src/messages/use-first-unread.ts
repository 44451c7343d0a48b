import type { Message } from '@parley/contracts'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useCenter } from '../app/context.ts'
import { useStore } from '../app/use-store.ts'
import { firstUnread } from './message-rows.ts'
import type { Pane } from './pane-context.ts'
import { isLooking } from './use-reading.ts'

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
  const { read_seq } = useStore(pane.messages)
  const opened = useRef(pane.thread_id === undefined ? pane.conversation.read_seq : undefined)
  const [line, setLine] = useState<number>()
  const settled = useRef(false)
  let first = line
  // While drawing, not after it: the list opens at the line.
  if (isReady && !settled.current) {
    settled.current = true
    first = firstUnread(messages, opened.current ?? read_seq ?? Infinity, me.id)
    setLine(first)
  }
  const last = messages.at(-1)
  const before = useRef(last?.seq)
  useEffect(() => {
    const known = before.current
    before.current = last?.seq
    if (!settled.current || known === undefined || isLooking()) return
    const news = firstUnread(messages, known, me.id)
    if (news !== undefined)
      setLine((now) => (now === undefined || now <= pane.conversation.read_seq ? news : now))
  }, [last])
  return first
}
