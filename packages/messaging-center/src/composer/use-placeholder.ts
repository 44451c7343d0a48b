import { useStrings } from '../app/context.ts'
import { nameOf } from '../conversations/conversation-name.ts'
import { usePane } from '../messages/pane-context.ts'

/** Whom one writes to. */
export function usePlaceholder(): string {
  const strings = useStrings()
  const { t } = strings
  const { conversation, thread_id, editing } = usePane()
  if (editing) return t('composer.editing')
  if (thread_id) return t('composer.inThread')
  return t('composer.placeholder', { name: nameOf(conversation, strings) })
}
