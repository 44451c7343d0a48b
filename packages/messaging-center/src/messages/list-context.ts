import type { Store } from '@parley/client/stores'
import type { Message } from '@parley/contracts'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Pane } from './pane-context.ts'

/**
 * What the items of a list work with. It stays the same object as long as the list does, so that what changes in a pane, which is often,
 * does not draw three hundred items.
 */
export interface MessageListContext {
  conversation_id: string
  direct: boolean
  /** Set in a thread. */
  thread_id: string | undefined
  store: Pane['messages']
  /** A message that is answered to and not in the list; null where there is none any more. */
  quoted(message_id: string): Store<Message | null | undefined>
  jumpTo(seq: number): void
}

export const ListContext = createContext<MessageListContext | undefined>(undefined)

export function useList(): MessageListContext {
  const list = useContext(ListContext)
  if (!list) throw new Error('outside a list of messages')
  return list
}
