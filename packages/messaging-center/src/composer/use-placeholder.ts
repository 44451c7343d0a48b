import { useStrings } from '../app/context.ts'
import { usePane } from '../messages/pane-context.ts'

/** Whom one writes to. */
export function usePlaceholder(): string {
  const { t } = useStrings()
  const { conversation, thread_id, editing } = usePane()
  if (editing) return t('composer.editing')
  if (thread_id) return t('composer.inThread')
  return conversation.title ? t('composer.placeholder', { name: conversation.title }) : t('composer.label')
}
