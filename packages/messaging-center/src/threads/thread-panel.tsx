import type { Conversation } from '@parley/contracts'
import { useStrings } from '../app/context.ts'
import { SidePanel } from '../app/side-panel.tsx'
import { Composer } from '../composer/composer.tsx'
import { MessageList } from '../messages/message-list.tsx'
import { PaneContext } from '../messages/pane-context.ts'
import { usePaneState } from '../messages/pane-state.ts'

interface Props {
  conversation: Conversation
  root_id: string
  /** The seq of a reply to show. */
  message?: number
}

/** A thread beside its conversation: the message that it is about, the replies, and where one writes another. */
export function ThreadPanel({ conversation, root_id, message }: Props) {
  const { t } = useStrings()
  const pane = usePaneState({ conversation, thread_id: root_id, message })
  return (
    <SidePanel title={t('threads.title')} full>
      <PaneContext.Provider value={pane}>
        <section class="thread" aria-label={t('threads.title')}>
          <MessageList />
          <Composer />
        </section>
      </PaneContext.Provider>
    </SidePanel>
  )
}
