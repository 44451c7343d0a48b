import type { Conversation } from '@parley/contracts'
import { Composer } from '../composer/composer.tsx'
import { MessageList } from './message-list.tsx'
import { PaneContext } from './pane-context.ts'
import { usePaneState } from './pane-state.ts'
import { TypingLine } from './typing-line.tsx'

export interface MessagePaneProps {
  conversation: Conversation
  /** A seq to show. */
  message?: number | undefined
}

/** An open conversation: what was said, who is writing, and where one writes. */
export function MessagePane(props: MessagePaneProps) {
  return <OpenPane key={props.conversation.id} {...props} />
}

function OpenPane({ conversation, message }: MessagePaneProps) {
  const pane = usePaneState({ conversation, message })
  return (
    <PaneContext.Provider value={pane}>
      <div class="message-pane">
        <MessageList />
        <TypingLine conversation_id={conversation.id} />
        <Composer />
      </div>
    </PaneContext.Provider>
  )
}
