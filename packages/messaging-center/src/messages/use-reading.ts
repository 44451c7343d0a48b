import { useCallback, useEffect, useRef } from 'preact/hooks'
import { useCenter } from '../app/context.ts'
import { isLooking } from './is-looking.ts'
import type { ListPlace } from './list-view.ts'
import type { Pane } from './pane-context.ts'

/** Whoever scrolls through has not read yet. */
const SETTLED_MS = 400

/**
 * Tells the server how far one has read: what was in view while the page was looked at, and nothing beyond. At the end that is everything
 * there is, replies in threads and edits too, which the list shows where they belong.
 */
export function useReading({ conversation, thread_id, messages }: Pane): (place: ListPlace) => void {
  const { client } = useCenter()
  const { id } = conversation
  const place = useRef<ListPlace>({ seen: 0, at_end: false })
  const read = useRef(thread_id === undefined ? conversation.read_seq : 0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const look = useCallback(() => {
    clearTimeout(timer.current)
    const seq = () => {
      const { seen, at_end } = place.current
      return at_end && thread_id === undefined ? Math.max(seen, messages.get().head) : seen
    }
    if (!isLooking() || seq() <= read.current) return
    timer.current = setTimeout(() => {
      const before = read.current
      const now = seq()
      if (!isLooking() || now <= before) return
      read.current = now
      const done =
        thread_id === undefined
          ? client.conversation(id).read(now)
          : client.rest('POST conversations/{conversation_id}/messages/{message_id}/thread/read/', {
              conversation_id: id,
              message_id: thread_id,
              seq: now
            })
      // It is told again with the next message that is seen.
      done.catch(() => {
        read.current = before
      })
    }, SETTLED_MS)
  }, [client, id, thread_id, messages])

  useEffect(() => {
    addEventListener('focus', look)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearTimeout(timer.current)
      removeEventListener('focus', look)
      document.removeEventListener('visibilitychange', look)
    }
  }, [look])

  return useCallback(
    (now: ListPlace) => {
      place.current = now
      look()
    },
    [look]
  )
}
