import { useCallback } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { LoadMore } from '../app/load-more.tsx'
import { type PageQuery, usePages } from '../app/use-pages.ts'
import { Dialog } from '../design/dialog.tsx'
import { Spinner } from '../design/spinner.tsx'
import { EmptyState, ErrorState } from '../design/states.tsx'
import type { MessageDialogProps } from './message-dialogs.tsx'
import { MessageQuote } from './message-quote.tsx'

/** What a message said before it was edited, for owners and admins. */
export function VersionsDialog({ message, onClose }: MessageDialogProps) {
  const { client } = useCenter()
  const { t, day, time } = useStrings()
  const { conversation_id, id: message_id } = message
  const read = useCallback(
    (page: PageQuery, signal: AbortSignal) => {
      const path = 'GET conversations/{conversation_id}/messages/{message_id}/edits/'
      return client.rest(path, { conversation_id, message_id, ...page }, { signal })
    },
    [client, conversation_id, message_id]
  )
  const pages = usePages(read)
  const { status, items } = pages
  return (
    <Dialog title={t('actions.versions')} onClose={onClose}>
      <MessageQuote message={message} />
      {status === 'loading' && <Spinner label={t('common.loading')} />}
      {status === 'failed' && <ErrorState error={pages.error} retry={pages.reload} />}
      {status === 'ready' && items.length === 0 && <EmptyState title={t('actions.noVersions')} />}
      {items.length > 0 && (
        <ol class="message-versions">
          {items.map(({ replaced_by_seq, replaced_at, body }) => (
            <li key={replaced_by_seq} class="message-version">
              <p class="message-version-until">
                {t('actions.until', { day: day(replaced_at), time: time(replaced_at) })}
              </p>
              <p class="message-version-body" dir="auto">
                {body}
              </p>
            </li>
          ))}
        </ol>
      )}
      <LoadMore pages={pages} loadMore={pages.loadMore} />
    </Dialog>
  )
}
