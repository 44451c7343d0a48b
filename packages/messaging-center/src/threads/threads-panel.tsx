import type { Conversation, Thread } from '@parley/contracts'
import { useCallback, useEffect, useRef } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { LoadMore } from '../app/load-more.tsx'
import { PlaceLink } from '../app/place-link.tsx'
import { SidePanel } from '../app/side-panel.tsx'
import { type PageQuery, usePages } from '../app/use-pages.ts'
import { messageLine } from '../conversations/last-message.ts'
import { Avatar } from '../design/avatar.tsx'
import { Spinner } from '../design/spinner.tsx'
import { EmptyState, ErrorState } from '../design/states.tsx'
import { UNKNOWN, withRead, withReply, withRoot } from './thread-list.ts'

/** The threads of a conversation, beside it: that with the latest reply first. */
export function ThreadsPanel({ conversation: { id: conversation_id } }: { conversation: Conversation }) {
  const { t } = useStrings()
  const pages = useThreads(conversation_id)
  const { status, items } = pages
  return (
    <SidePanel title={t('threads.all')}>
      {status === 'loading' && <Spinner label={t('common.loading')} />}
      {status === 'failed' && <ErrorState error={pages.error} retry={pages.reload} />}
      {status === 'ready' && items.length === 0 && (
        <EmptyState icon="thread" title={t('threads.empty')} text={t('threads.emptyHint')} />
      )}
      {status !== 'failed' && (
        <ul class="threads">
          {items.map((thread) => (
            <ThreadRow key={thread.root.id} thread={thread} />
          ))}
        </ul>
      )}
      <LoadMore pages={pages} loadMore={pages.loadMore} />
    </SidePanel>
  )
}

function ThreadRow({ thread: { root, unread_count } }: { thread: Thread }) {
  const strings = useStrings()
  const { t, day, time } = strings
  const { reply_count: n = 0, last_reply } = root.thread ?? {}
  return (
    <li>
      <PlaceLink class="thread-row" to={{ at: 'conversation', id: root.conversation_id, thread: root.id }}>
        <Avatar user={root.sender} size="small" />
        <span class="thread-row-about">
          <bdi class="thread-row-name">{root.sender.display_name}</bdi>
          <span class="thread-row-body" dir="auto">
            {messageLine(root, strings)}
          </span>
          <span class="thread-row-last">
            {t('threads.replies', { n })}
            {last_reply && (
              <>
                {' · '}
                <bdi>{last_reply.sender.display_name}</bdi>{' '}
                <time dateTime={last_reply.created_at}>
                  {t('actions.at', { day: day(last_reply.created_at), time: time(last_reply.created_at) })}
                </time>
              </>
            )}
          </span>
        </span>
        {unread_count > 0 && (
          <span class="badge">
            <span aria-hidden="true">{unread_count > 99 ? '99+' : unread_count}</span>
            <span class="unseen">{t('threads.unread', { n: unread_count })}</span>
          </span>
        )}
      </PlaceLink>
    </li>
  )
}

/** The threads in pages, and what happens to them meanwhile. */
function useThreads(conversation_id: string) {
  const { client, me } = useCenter()
  const read = useCallback(
    (page: PageQuery, signal: AbortSignal) =>
      client.rest('GET conversations/{conversation_id}/threads/', { conversation_id, ...page }, { signal }),
    [client, conversation_id]
  )
  const pages = usePages(read)
  const latest = useRef(pages)
  latest.current = pages
  useEffect(() => {
    const here = client.conversation(conversation_id)
    let again: ReturnType<typeof setTimeout> | undefined
    const readAgain = () => {
      clearTimeout(again)
      again = setTimeout(() => latest.current.reload(), 300)
    }
    const apply = (to: (threads: readonly Thread[]) => readonly Thread[] | typeof UNKNOWN) =>
      latest.current.change((now) => {
        const next = to(now)
        if (next !== UNKNOWN) return next
        readAgain()
        return now
      })
    const offs = [
      here.on('message', ({ message }) => {
        if (message.thread_id) apply((now) => withReply(now, message, me.id))
      }),
      here.on('message_edited', ({ message }) => apply((now) => withRoot(now, message))),
      here.on('message_deleted', ({ message }) => {
        if (message.thread_id) readAgain()
        else apply((now) => withRoot(now, message))
      }),
      here.on('thread_read', ({ user_id, thread_id, seq }) => {
        if (user_id === me.id) apply((now) => withRead(now, thread_id, seq))
      })
    ]
    return () => {
      clearTimeout(again)
      for (const off of offs) off()
    }
  }, [client, conversation_id, me.id])
  return pages
}
