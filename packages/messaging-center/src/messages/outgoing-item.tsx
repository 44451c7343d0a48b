import type { OutboxEntry } from '@parley/client'
import { ParleyError } from '@parley/client'
import { useCenter, useStrings } from '../app/context.ts'
import { Avatar } from '../design/avatar.tsx'
import { Button } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'
import { errorText } from '../strings/error-text.ts'
import { MessageTime } from './message-head.tsx'
import type { OutgoingRow } from './message-rows.ts'
import { MessageText } from './message-text.tsx'
import { ReplyQuote } from './reply-quote.tsx'

/** A message that is not there yet: on its way, or refused, which can be tried again or given up. */
export function OutgoingItem({ entry, grouped }: Omit<OutgoingRow, 'kind'>) {
  const { me } = useCenter()
  const { t } = useStrings()
  const { content, queued_at, state } = entry
  const at = new Date(queued_at).toISOString()
  const files = content.attachment_ids?.length ?? 0
  return (
    <li>
      <article
        class={`message message-outgoing${grouped ? ' message-grouped' : ''}${state === 'failed' ? ' message-failed' : ''}`}
        aria-label={me.display_name}
        data-client-id={entry.client_id}
      >
        <div class="message-side">{grouped ? <MessageTime at={at} /> : <Avatar user={me} />}</div>
        <div class="message-main">
          {!grouped && (
            <p class="message-head">
              <bdi class="message-sender">{me.display_name}</bdi>
              <MessageTime at={at} />
            </p>
          )}
          {content.reply_to_id && <ReplyQuote message_id={content.reply_to_id} tabIndex={0} />}
          {content.body && <MessageText body={content.body} />}
          {files > 0 && (
            <p class="message-note">
              <Icon name="attach" />
              {t('messages.files', { n: files })}
            </p>
          )}
          {state === 'failed' && <Failed entry={entry} />}
        </div>
        {state !== 'failed' && (
          <span class="message-read" title={t(state === 'queued' ? 'messages.queued' : 'messages.sending')}>
            <Icon name="clock" />
            <span class="unseen">{t(state === 'queued' ? 'messages.queued' : 'messages.sending')}</span>
          </span>
        )}
      </article>
    </li>
  )
}

function Failed({ entry: { client_id, error } }: { entry: OutboxEntry }) {
  const { client } = useCenter()
  const strings = useStrings()
  const why = error ? errorText(strings, new ParleyError(error)) : ''
  return (
    <div class="message-failure" role="alert">
      <Icon name="warning" />
      <p>{strings.t('messages.failed', { why })}</p>
      <Button look="quiet" icon="refresh" onClick={() => client.outbox.retry(client_id)}>
        {strings.t('common.retry')}
      </Button>
      <Button look="quiet" icon="delete" onClick={() => client.outbox.discard(client_id)}>
        {strings.t('messages.discard')}
      </Button>
    </div>
  )
}
