import { useCallback } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { LoadMore } from '../app/load-more.tsx'
import { type PageQuery, usePages } from '../app/use-pages.ts'
import { Dialog } from '../design/dialog.tsx'
import { Spinner } from '../design/spinner.tsx'
import { EmptyState, ErrorState } from '../design/states.tsx'
import { PersonLine } from '../people/person-picker.tsx'
import type { MessageDialogProps } from './message-dialogs.tsx'

/** Who has read as far as a message. */
export function SeenDialog({ message, onClose }: MessageDialogProps) {
  const { client } = useCenter()
  const { t } = useStrings()
  const { conversation_id, id: message_id } = message
  const read = useCallback(
    (page: PageQuery, signal: AbortSignal) => {
      const path = 'GET conversations/{conversation_id}/messages/{message_id}/seen/'
      return client.rest(path, { conversation_id, message_id, ...page }, { signal })
    },
    [client, conversation_id, message_id]
  )
  const pages = usePages(read)
  const { status, items } = pages
  return (
    <Dialog title={t('actions.seen')} onClose={onClose}>
      {status === 'loading' && <Spinner label={t('common.loading')} />}
      {status === 'failed' && <ErrorState error={pages.error} retry={pages.reload} />}
      {status === 'ready' && items.length === 0 && (
        <EmptyState icon="eye" title={t('actions.seenByNobody')} text={t('actions.seenHint')} />
      )}
      {items.length > 0 && (
        <ul class="message-seen">
          {items.map((user) => (
            <li key={user.id}>
              <PersonLine user={user} />
            </li>
          ))}
        </ul>
      )}
      <LoadMore pages={pages} loadMore={pages.loadMore} />
    </Dialog>
  )
}
