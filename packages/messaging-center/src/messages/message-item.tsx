import { memo } from '../app/memo.ts'
import { useRef, useState } from 'preact/hooks'
import { useStrings } from '../app/context.ts'
import { lazy } from '../app/lazy.tsx'
import { useList } from './list-context.ts'
import { MessageContent } from './message-content.tsx'
import { MessageTime, SenderAvatar, SenderName } from './message-head.tsx'
import type { MessageRow } from './message-rows.ts'
import { ReactionChips } from './reaction-chips.tsx'
import { ReadMark, type Readers } from './read-mark.tsx'
import { ThreadSummary } from './thread-summary.tsx'

const MessageActions = lazy(async () => (await import('./message-actions.tsx')).MessageActions, {
  over: true
})

/** Somebody will mind a message soon. */
export const preloadActions = MessageActions.preload

export interface MessageItemProps extends Omit<MessageRow, 'kind'> {
  /** Jumped to just now. */
  marked: boolean
  /** Of a message of mine that tells how far it got. */
  read_by?: number | undefined
  read_by_all?: number | undefined
}

/**
 * One message, in its list. It has the focus as a whole, and the keys for what can be done with it; only then are the links and buttons in
 * it on the way of Tab, so that the list is one stop and not a thousand.
 */
export const MessageItem = memo(function MessageItem(props: MessageItemProps) {
  const { message, grouped, first_unread, marked } = props
  const { t } = useStrings()
  const { thread_id } = useList()
  const [focused, setFocused] = useState(false)
  const [minded, setMinded] = useState(isTouched)
  const pressed = useRef<KeyboardEvent>(undefined)
  const { id, seq, sender, created_at, deleted_at } = message
  const tabIndex = focused ? 0 : -1
  const classes = ['message', grouped && 'message-grouped', marked && 'message-marked']
  return (
    <li>
      {first_unread && (
        <p class="message-unread" data-unread>
          <span>{t('messages.newLine')}</span>
        </p>
      )}
      <article
        class={classes.filter(Boolean).join(' ')}
        tabIndex={-1}
        data-seq={seq}
        data-id={id}
        aria-labelledby={`by-${id} at-${id} text-${id}`}
        onPointerEnter={() => setMinded(true)}
        onFocusIn={() => {
          setMinded(true)
          setFocused(true)
        }}
        onFocusOut={({ currentTarget, relatedTarget }) =>
          setFocused(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))
        }
        onKeyDown={(event) => {
          if (event.target === event.currentTarget && !event.defaultPrevented) pressed.current = event
          goInOrOut(event)
        }}
      >
        <div class="message-side">
          {grouped ? <MessageTime at={created_at} id={`at-${id}`} /> : <SenderAvatar user={sender} />}
        </div>
        <div class="message-main">
          {grouped ? (
            <span id={`by-${id}`} class="unseen">
              {sender.display_name}
            </span>
          ) : (
            <p class="message-head">
              <SenderName user={sender} id={`by-${id}`} tabIndex={tabIndex} />
              <MessageTime at={created_at} id={`at-${id}`} />
            </p>
          )}
          <MessageContent message={message} tabIndex={tabIndex} />
          {deleted_at === null && <ReactionChips message={message} tabIndex={tabIndex} />}
          {id !== thread_id && <ThreadSummary message={message} tabIndex={tabIndex} />}
        </div>
        <ReadMark {...readersOf(props)} />
        {minded && <MessageActions message={message} pressed={pressed} />}
      </article>
      {id === thread_id && <RepliesLine count={message.thread?.reply_count ?? 0} />}
    </li>
  )
})

/** What can be done stands there always where nothing can hover; elsewhere it comes when somebody first minds the message. */
const isTouched = () => matchMedia('(hover: none)').matches

/** Between what a thread is about and what was answered. */
function RepliesLine({ count }: { count: number }) {
  const { t } = useStrings()
  return count === 0 ? null : <p class="message-replies">{t('messages.replies', { n: count })}</p>
}

function readersOf({ read_by, read_by_all }: MessageItemProps): { readers?: Readers } {
  return read_by === undefined || read_by_all === undefined
    ? {}
    : { readers: { by: read_by, of: read_by_all } }
}

/** Enter goes to what can be done with the message, Escape back to it. */
function goInOrOut(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const { currentTarget: item, target, key } = event
  // A dialog about the message is a part of it, and has keys of its own.
  if (event.defaultPrevented || (target as Element).closest('dialog')) return
  // Not what has the focus now: a key may have moved it here on its way.
  const isOnIt = target === item
  const isRtl = getComputedStyle(item).direction === 'rtl'
  if (isOnIt && (key === 'Enter' || key === (isRtl ? 'ArrowLeft' : 'ArrowRight')))
    item.querySelector<HTMLElement>('.message-actions button')?.focus()
  else if (!isOnIt && key === 'Escape') item.focus()
  else return
  event.preventDefault()
  event.stopPropagation()
}
