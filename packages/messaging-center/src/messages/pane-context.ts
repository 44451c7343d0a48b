import type { MessagesStore } from '@parley/client/stores'
import type { Conversation, Message } from '@parley/contracts'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'

/** What the parts of one open conversation, or of one open thread, share: made by `usePaneState`. */
export interface Pane {
  conversation: Conversation
  /** Set in a thread's pane: what is written here goes into the thread of this root. */
  thread_id?: string
  /** What was said here; `MessageList` shows it. */
  messages: MessagesStore
  /** The message that is being answered or edited in the composer; setting one takes the other away. */
  replyingTo: Message | undefined
  editing: Message | undefined
  replyTo(message: Message | undefined): void
  edit(message: Message | undefined): void
  /** Shows the message with this seq in the middle of the list, marks it for a moment, and puts the focus there. */
  jumpTo(seq: number): void
  /** Where `jumpTo` was asked to go last; the list goes there. */
  target: { seq: number } | undefined
}

export const PaneContext = createContext<Pane | undefined>(undefined)

export function usePane(): Pane {
  const pane = useContext(PaneContext)
  if (!pane) throw new Error('outside an open conversation')
  return pane
}
