import { messagesStore } from '@parley/client/stores'
import type { Conversation, Message } from '@parley/contracts'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { useCenter } from '../app/context.ts'
import { formatRoute } from '../app/route.ts'
import type { Router } from '../app/router.ts'
import type { Pane } from './pane-context.ts'

/** Read at once, and kept at most: the list holds an element for each of these. */
const PAGE = 60
const WINDOW = 300

export interface PaneSetup {
  conversation: Conversation
  thread_id?: string | undefined
  /** A seq to show and mark, as the route says. */
  message?: number | undefined
}

/**
 * The state of one open conversation, or of one open thread.
 *
 * @example
 * const pane = usePaneState({ conversation, thread_id })
 * return <PaneContext.Provider value={pane}><MessageList /><Composer /></PaneContext.Provider>
 */
export function usePaneState({ conversation, thread_id, message }: PaneSetup): Pane {
  const { client, router } = useCenter()
  const { id } = conversation
  const messages = useMemo(() => {
    const { unread_count, read_seq } = conversation
    const at = message ?? (thread_id === undefined && unread_count > 0 ? read_seq : undefined)
    return messagesStore(client, id, { limit: PAGE, window: WINDOW, at, thread_id, replies: 'apart' })
    // Where it opens is decided once.
  }, [client, id, thread_id])
  const [about, setAbout] = useState<{ replyingTo?: Message; editing?: Message }>({})
  const [target, setTarget] = useState(() => (message === undefined ? undefined : { seq: message }))
  const isFirst = useRef(true)
  useEffect(() => {
    if (message !== undefined && !isFirst.current) setTarget({ seq: message })
    isFirst.current = false
  }, [message])
  useSamePlace(router, () => {
    if (message !== undefined) setTarget({ seq: message })
  })
  return useMemo(
    () => ({
      conversation,
      ...(thread_id === undefined ? {} : { thread_id }),
      messages,
      replyingTo: about.replyingTo,
      editing: about.editing,
      replyTo: (replyingTo) => setAbout(replyingTo ? { replyingTo } : {}),
      edit: (editing) => setAbout(editing ? { editing } : {}),
      jumpTo: (seq) => setTarget({ seq }),
      target
    }),
    [conversation, thread_id, messages, about, target]
  )
}

/** Somebody goes where the page is already: to the message of a search, for instance, that they have scrolled away from. */
function useSamePlace(router: Router, arrived: () => void): void {
  const latest = useRef(arrived)
  latest.current = arrived
  useEffect(() => {
    let before = formatRoute(router.get())
    return router.subscribe(() => {
      const now = formatRoute(router.get())
      if (now === before) latest.current()
      before = now
    })
  }, [router])
}
