import type { Message } from '@parley/contracts'
import { AttachmentList } from '../attachments/attachment-list.tsx'
import { useStrings } from '../app/context.ts'
import { Icon } from '../design/icon.tsx'
import { ForwardedFrom } from './forwarded-from.tsx'
import { MessageText } from './message-text.tsx'
import { ReplyQuote } from './reply-quote.tsx'

/** What a message says, and what is said about it; of a deleted one, that it was there. */
export function MessageContent({ message, tabIndex }: { message: Message; tabIndex: number }) {
  const { t, moment } = useStrings()
  const { id, body, mentions, attachments, edited_at, pinned_at, reply_to_id, forwarded_from } = message
  if (message.deleted_at !== null)
    return (
      <p id={`text-${id}`} class="message-deleted">
        {t('messages.deleted')}
      </p>
    )
  return (
    <>
      {pinned_at !== undefined && (
        <p class="message-note">
          <Icon name="pin" />
          {t('messages.pinned')}
        </p>
      )}
      {forwarded_from && <ForwardedFrom source={forwarded_from} tabIndex={tabIndex} />}
      {reply_to_id !== null && <ReplyQuote message_id={reply_to_id} tabIndex={tabIndex} />}
      {body && (
        <MessageText id={`text-${id}`} body={body} tabIndex={tabIndex} {...(mentions ? { mentions } : {})} />
      )}
      {edited_at !== null && (
        <span class="message-edited" title={t('messages.editedAt', { moment: moment(edited_at) })}>
          {t('messages.edited')}
        </span>
      )}
      {attachments && <AttachmentList attachments={attachments} tabIndex={tabIndex} />}
    </>
  )
}
