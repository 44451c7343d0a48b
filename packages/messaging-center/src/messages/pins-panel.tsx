import type { Conversation, Message } from '@parley/contracts'
import { useCallback, useEffect, useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { LoadMore } from '../app/load-more.tsx'
import { PlaceLink } from '../app/place-link.tsx'
import { SidePanel } from '../app/side-panel.tsx'
import { type PageQuery, usePages } from '../app/use-pages.ts'
import { Button } from '../design/button.tsx'
import { Spinner } from '../design/spinner.tsx'
import { EmptyState, ErrorState } from '../design/states.tsx'
import { errorText } from '../strings/error-text.ts'
import { MessageQuote } from './message-quote.tsx'
import { messageRoute } from './message-route.ts'
import { withPin } from './pins.ts'

/** What is pinned in a conversation, beside it: the latest pin first. */
export function PinsPanel({ conversation: { id: conversation_id } }: { conversation: Conversation }) {
  const { client } = useCenter()
  const { t } = useStrings()
  const read = useCallback(
    (page: PageQuery, signal: AbortSignal) =>
      client.rest('GET conversations/{conversation_id}/pins/', { conversation_id, ...page }, { signal }),
    [client, conversation_id]
  )
  const pages = usePages(read)
  const { status, items, change } = pages
  useEffect(() => {
    const here = client.conversation(conversation_id)
    const take = ({ message }: { message: Message }) => change((pins) => withPin(pins, message))
    const offs = [here.on('message_edited', take), here.on('message_deleted', take)]
    return () => {
      for (const off of offs) off()
    }
  }, [client, conversation_id])
  return (
    <SidePanel title={t('pins.title')}>
      {status === 'loading' && <Spinner label={t('common.loading')} />}
      {status === 'failed' && <ErrorState error={pages.error} retry={pages.reload} />}
      {status === 'ready' && items.length === 0 && (
        <EmptyState icon="pin" title={t('pins.empty')} text={t('pins.emptyHint')} />
      )}
      {status !== 'failed' && (
        <ul class="pins">
          {items.map((message) => (
            <PinnedMessage key={message.id} message={message} />
          ))}
        </ul>
      )}
      <LoadMore pages={pages} loadMore={pages.loadMore} />
    </SidePanel>
  )
}

function PinnedMessage({ message }: { message: Message }) {
  const { client, announce } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const unpin = async (event: MouseEvent) => {
    const panel = (event.currentTarget as Element).closest('.side-panel')
    setBusy(true)
    setError(undefined)
    try {
      await client.conversation(message.conversation_id).unpin(message.id)
      announce(t('actions.unpinned'))
      panel?.querySelector<HTMLElement>('h2')?.focus()
    } catch (cause) {
      setError(cause)
      setBusy(false)
    }
  }
  return (
    <li class="pin">
      <MessageQuote message={message} />
      {error !== undefined && (
        <p class="field-error" role="alert">
          {errorText(strings, error)}
        </p>
      )}
      <div class="pin-actions">
        <PlaceLink class="button button-quiet" to={messageRoute(message, 'pins')}>
          {t('pins.show')}
        </PlaceLink>
        <Button look="quiet" busy={busy} onClick={unpin}>
          {t('actions.unpin')}
        </Button>
      </div>
    </li>
  )
}
