import type { Conversation } from '@parley/contracts'
import { Composer } from '../composer/composer.tsx'
import { MessageList } from './message-list.tsx'
import { PaneContext } from './pane-context.ts'
import { usePaneState } from './pane-state.ts'

/** An open conversation: what was said, and the composer below. `message` is a seq to show. */
export function MessagePane({ conversation, message }: { conversation: Conversation; message?: number }) {
  const pane = usePaneState({ conversation, message })
  return (
    <PaneContext.Provider value={pane}>
      <section class="message-pane">
        <MessageList />
        <Composer />
      </section>
    </PaneContext.Provider>
  )
}
