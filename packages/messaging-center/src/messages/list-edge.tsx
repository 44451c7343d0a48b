import type { Messages, MessagesStore } from '@parley/client/stores'
import { useStrings } from '../app/context.ts'
import { Button } from '../design/button.tsx'
import { Spinner } from '../design/spinner.tsx'
import { errorText } from '../strings/error-text.ts'

interface Props {
  end: 'older' | 'newer'
  state: Messages
  store: MessagesStore
}

/** Beyond the first message, or the last one: more is coming, or could not. It has its height always, so that nothing moves. */
export function ListEdge({ end, state, store }: Props) {
  const strings = useStrings()
  const { t } = strings
  const { status, reading, error, has_older, has_newer, root } = state
  if (end === 'newer' && !has_newer) return null
  if (end === 'older' && !has_older)
    return root ? null : <p class="message-edge message-beginning">{t('messages.beginning')}</p>
  if (status === 'failed' && reading === end)
    return (
      <div class="message-edge" role="alert">
        <p>
          {t(end === 'older' ? 'messages.olderFailed' : 'messages.newerFailed')} {errorText(strings, error)}
        </p>
        <Button look="quiet" icon="refresh" onClick={() => void store.retry()}>
          {t('common.retry')}
        </Button>
      </div>
    )
  return <div class="message-edge">{reading === end && <Spinner />}</div>
}
