import type { Message } from '@parley/contracts'
import { PlaceLink } from '../app/place-link.tsx'
import { useStrings } from '../app/context.ts'
import { Avatar } from '../design/avatar.tsx'
import { useList } from './list-context.ts'

/** What there is to read in the thread of a message; opens it. */
export function ThreadSummary({ message, tabIndex }: { message: Message; tabIndex: number }) {
  const { t, day, time, moment } = useStrings()
  const { conversation_id } = useList()
  const { reply_count = 0, last_reply } = message.thread ?? {}
  if (reply_count === 0) return null
  return (
    <PlaceLink
      class="thread-summary"
      tabIndex={tabIndex}
      to={{ at: 'conversation', id: conversation_id, thread: message.id }}
    >
      {last_reply && <Avatar user={last_reply.sender} size="small" />}
      <span class="thread-summary-count">{t('messages.replies', { n: reply_count })}</span>
      {last_reply && (
        <time
          class="thread-summary-last"
          dateTime={last_reply.created_at}
          title={moment(last_reply.created_at)}
        >
          {t('messages.lastReply', { day: day(last_reply.created_at), time: time(last_reply.created_at) })}
        </time>
      )}
    </PlaceLink>
  )
}
