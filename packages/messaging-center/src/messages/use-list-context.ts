import { useMemo, useRef } from 'preact/hooks'
import { useCenter } from '../app/context.ts'
import type { MessageListContext } from './list-context.ts'
import type { Pane } from './pane-context.ts'
import { quotedMessages } from './quoted-messages.ts'

/** What is given to the items of a list: as the pane is, but the same objects until something changes that is about them. */
export function useListContext(pane: Pane): { list: MessageListContext; pane: Pane } {
  const { client } = useCenter()
  const { conversation, thread_id, messages: store } = pane
  const { id: conversation_id, kind, role } = conversation
  const latest = useRef(pane)
  latest.current = pane
  const list = useMemo<MessageListContext>(
    () => ({
      conversation_id,
      direct: kind === 'direct',
      thread_id,
      store,
      quoted: quotedMessages(client, conversation_id),
      jumpTo: (seq) => latest.current.jumpTo(seq)
    }),
    [client, conversation_id, kind, thread_id, store]
  )
  // What is being answered or edited is nothing to them; how many are unread, neither.
  const steady = useMemo(() => pane, [list, role])
  return { list, pane: steady }
}
