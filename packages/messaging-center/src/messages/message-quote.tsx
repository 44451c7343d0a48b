import type { Message } from '@parley/contracts'
import { useStrings } from '../app/context.ts'
import { Avatar } from '../design/avatar.tsx'
import { MessageText } from './message-text.tsx'

/** A message as it is shown where it is spoken of: who, when, and the beginning of what. */
export function MessageQuote({ message }: { message: Message }) {
  const { t, day, time } = useStrings()
  const { sender, body, created_at, deleted_at, attachments = [], mentions = [] } = message
  return (
    <blockquote class="message-quote">
      <p class="message-quote-head">
        <Avatar user={sender} size="small" />
        <bdi class="message-quote-name">{sender.display_name}</bdi>
        <time dateTime={created_at}>{t('actions.at', { day: day(created_at), time: time(created_at) })}</time>
      </p>
      {deleted_at !== null && <p class="message-quote-gone">{t('actions.gone')}</p>}
      {body && (
        <div class="message-quote-body">
          <MessageText body={body} mentions={mentions} />
        </div>
      )}
      {attachments.length > 0 && (
        <p class="message-quote-files" dir="auto">
          {attachments.map(({ name }) => name).join(', ')}
        </p>
      )}
    </blockquote>
  )
}
