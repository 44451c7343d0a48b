import type { Conversation } from '@parley/contracts'
import { useStrings } from '../app/context.ts'
import { SidePanel } from '../app/side-panel.tsx'
import { useStore } from '../app/use-store.ts'
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
  const { root, status } = useStore(pane.messages)
  const isLoading = status === 'loading'
  const isOver = root !== undefined && root.deleted_at !== null
  return (
    <SidePanel title={t('threads.title')} full>
      <PaneContext.Provider value={pane}>
        <div class="thread">
          <MessageList />
          {isOver ? (
            <p class="thread-over">{t('threads.rootGone')}</p>
          ) : root || isLoading ? (
            <Composer />
          ) : null}
        </div>
      </PaneContext.Provider>
    </SidePanel>
  )
}
