import { useCenter } from '../app/context.ts'
import { usePane } from '../messages/pane-context.ts'
import { ComposerForm } from './composer-form.tsx'

/** Where one writes, within a pane: directly in the element of the pane, which takes the files that are dropped. */
export function Composer() {
  const { me } = useCenter()
  const { conversation, thread_id } = usePane()
  const place = { user_id: me.id, conversation_id: conversation.id, thread_id }
  return <ComposerForm key={`${conversation.id} ${thread_id ?? ''}`} place={place} />
}
