import { memo } from '../app/memo.ts'
import { useStrings } from '../app/context.ts'
import { useList } from './list-context.ts'
import { MessageItem } from './message-item.tsx'
import type { Day } from './message-rows.ts'
import { OutgoingItem } from './outgoing-item.tsx'
import type { Readers } from './read-mark.tsx'

interface Props {
  day: Day
  /** The seq of the message that was jumped to just now. */
  marked: number | undefined
  readers: ReadonlyMap<string, Readers>
}

/** What was said on one day. Its name stays in view as long as the day does. */
export const DaySection = memo(function DaySection({ day, marked, readers }: Props) {
  const strings = useStrings()
  // Below the conversation's name, or that of the panel of a thread.
  const Heading = useList().thread_id === undefined ? 'h2' : 'h3'
  return (
    <section class="message-day">
      <Heading class="message-day-name">
        <time dateTime={day.key}>{strings.day(day.at)}</time>
      </Heading>
      <ol role="list">
        {day.rows.map((row) => {
          if (row.kind === 'outgoing') return <OutgoingItem key={row.entry.client_id} {...row} />
          const { message, grouped, first_unread } = row
          const mark = readers.get(message.id)
          return (
            <MessageItem
              key={message.id}
              message={message}
              grouped={grouped}
              first_unread={first_unread}
              marked={marked === message.seq}
              read_by={mark?.by}
              read_by_all={mark?.of}
            />
          )
        })}
      </ol>
    </section>
  )
})
