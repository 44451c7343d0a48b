import type { Messages } from '@parley/client/stores'
import { useEffect, useMemo } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { isSavingData } from '../app/lazy.tsx'
import { useStore } from '../app/use-store.ts'
import { Button } from '../design/button.tsx'
import { EmptyState, ErrorState } from '../design/states.tsx'
import { errorText } from '../strings/error-text.ts'
import { JumpButton } from './jump-button.tsx'
import { ListContext } from './list-context.ts'
import { DaySection } from './list-day.tsx'
import { ListEdge } from './list-edge.tsx'
import { ListSkeleton } from './list-skeleton.tsx'
import { preloadActions } from './message-item.tsx'
import { countAfter, daysOf } from './message-rows.ts'
import { PaneContext, usePane } from './pane-context.ts'
import { useAnnouncing } from './use-announcing.ts'
import { useFirstUnread } from './use-first-unread.ts'
import { useListContext } from './use-list-context.ts'
import { useListView } from './use-list-view.ts'
import { useReaders } from './use-readers.ts'

/**
 * What was said in the pane that it stands in: a list of articles. Not a feed, whose keys (page up and down) are those that scroll here, and
 * no log, which is a live region: what is spoken `useAnnouncing` chooses. The elements are those of the store's window, at
 * most a few hundred of whatever height, so nothing has to be estimated.
 */
export function MessageList() {
  const pane = usePane()
  return <List key={`${pane.conversation.id} ${pane.thread_id ?? ''}`} />
}

function List() {
  const pane = usePane()
  const { conversation, thread_id, messages: store } = pane
  const { me } = useCenter()
  const { t } = useStrings()
  const state = useStore(store)
  const messages = useMemo(() => withRoot(state), [state])
  const first_unread = useFirstUnread(pane, state.messages, state.status === 'ready')
  const { scroller, content, place, marked, toEnd, onKeyDown, onScroll } = useListView(pane, state)
  const readers = useReaders(pane, messages)
  const context = useListContext(pane)
  useAnnouncing(pane)
  useEffect(() => {
    if (state.status === 'ready' && !isSavingData()) preloadActions()
  }, [state.status])
  const days = useMemo(
    () =>
      daysOf({
        messages,
        outgoing: state.has_newer ? [] : state.outgoing,
        root_id: thread_id,
        first_unread,
        me: me.id
      }),
    [messages, state.outgoing, state.has_newer, thread_id, first_unread, me.id]
  )
  const unseen = () => {
    if (state.has_newer && thread_id === undefined) return conversation.unread_count
    const read_seq = thread_id === undefined ? conversation.read_seq : (state.read_seq ?? 0)
    return countAfter(messages, Math.max(place.seen, read_seq), me.id) + state.beyond
  }
  const isEmpty = messages.length === 0 && state.outgoing.length === 0
  return (
    <section
      class={`message-list${thread_id ? ' message-list-thread' : ''}`}
      aria-label={t(thread_id ? 'messages.threadList' : 'messages.list')}
    >
      <div ref={scroller} class="message-scroller" tabIndex={-1} onScroll={onScroll} onKeyDown={onKeyDown}>
        <div ref={content} class="message-content">
          {isEmpty ? (
            <NothingYet state={state} />
          ) : (
            <PaneContext.Provider value={context.pane}>
              <ListContext.Provider value={context.list}>
                <ListEdge end="older" state={state} store={store} />
                {days.map((day) => (
                  <DaySection key={day.key} day={day} marked={marked} readers={readers} />
                ))}
                <ListEdge end="newer" state={state} store={store} />
              </ListContext.Provider>
            </PaneContext.Provider>
          )}
        </div>
      </div>
      {state.status === 'failed' && state.reading === 'place' && !isEmpty && <PlaceFailed state={state} />}
      {!place.at_end && !isEmpty && <JumpButton count={unseen()} onClick={toEnd} />}
    </section>
  )
}

/** A thread begins with the message that it is about. */
function withRoot({ messages, root, has_older }: Messages): Messages['messages'] {
  return root && !has_older ? [root, ...messages] : messages
}

function NothingYet({ state: { status, error } }: { state: Messages }) {
  const { messages: store } = usePane()
  const { t } = useStrings()
  if (status === 'loading') return <ListSkeleton />
  if (status === 'failed') return <ErrorState error={error} retry={() => void store.retry()} />
  return <EmptyState icon="message" title={t('messages.empty')} text={t('messages.emptyText')} />
}

function PlaceFailed({ state: { error } }: { state: Messages }) {
  const { messages: store } = usePane()
  const strings = useStrings()
  return (
    <div class="message-place-failed" role="alert">
      <p>
        {strings.t('messages.placeFailed')} {errorText(strings, error)}
      </p>
      <Button look="quiet" icon="refresh" onClick={() => void store.retry()}>
        {strings.t('common.retry')}
      </Button>
    </div>
  )
}
