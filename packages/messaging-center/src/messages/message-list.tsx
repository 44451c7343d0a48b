import { useStore } from '../app/use-store.ts'
import { usePane } from './pane-context.ts'

/** What was said in the pane that it stands in. */
export function MessageList() {
  const { messages } = usePane()
  const { messages: said } = useStore(messages)
  return (
    <ol class="message-list">
      {said.map(({ id, body }) => (
        <li key={id}>{body}</li>
      ))}
    </ol>
  )
}
