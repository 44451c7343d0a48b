import { NotFoundError } from '@parley/client'
import type { Conversation } from '@parley/contracts'
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { ConversationHeader } from '../conversations/conversation-header.tsx'
import { Icon } from '../design/icon.tsx'
import { Spinner } from '../design/spinner.tsx'
import { ErrorState } from '../design/states.tsx'
import type { Key } from '../strings/strings.ts'
import { BackButton } from './back-button.tsx'
import { useCenter, useStrings } from './context.ts'
import { lazy } from './lazy.tsx'
import { PlaceLink } from './place-link.tsx'
import type { Route } from './route.ts'
import { SidePanel } from './side-panel.tsx'
import { useStore } from './use-store.ts'

const MessagePane = lazy(async () => (await import('../messages/message-pane.tsx')).MessagePane, {
  plain: true
})
const ThreadPanel = lazy(async () => (await import('../threads/thread-panel.tsx')).ThreadPanel, {
  around: titled('threads.title')
})
const panels = {
  members: lazy(async () => (await import('../members/member-panel.tsx')).MemberPanel, {
    around: titled('members.title')
  }),
  pins: lazy(async () => (await import('../messages/pins-panel.tsx')).PinsPanel, {
    around: titled('conversations.pins')
  }),
  threads: lazy(async () => (await import('../threads/threads-panel.tsx')).ThreadsPanel, {
    around: titled('conversations.threads')
  }),
  search: lazy(async () => (await import('../search/search-panel.tsx')).SearchPanel, {
    around: titled('search.title')
  })
}

/** A panel that is on its way, and can be closed already. */
function titled(title: Key) {
  return function Titled({ children }: { children: ComponentChildren }) {
    const { t } = useStrings()
    return <SidePanel title={t(title)}>{children}</SidePanel>
  }
}

type ConversationRoute = Extract<Route, { at: 'conversation' }>

/** A conversation will be opened, now or next. */
export const preloadConversation = MessagePane.preload

/** One conversation and what is open beside it, or why it is not to be seen. */
export function ConversationPlace({ route }: { route: ConversationRoute }) {
  const { t } = useStrings()
  const found = useConversation(route.id)
  const id = useId()
  if (found.status === 'gone') return <Gone had={found.had} />
  if (found.status !== 'ready')
    return (
      <div class="app-place">
        <main class="conversation">
          <header class="conversation-header">
            <BackButton />
          </header>
          {found.status === 'failed' ? (
            <ErrorState error={found.error} retry={found.retry} />
          ) : (
            <div class="state state-late">
              <Spinner label={t('common.loading')} />
            </div>
          )}
        </main>
      </div>
    )
  const { conversation } = found
  const { thread, panel, message } = route
  const Panel = panel && panels[panel]
  const shown = message === undefined || thread ? {} : { message }
  return (
    <>
      <div class="app-place">
        <main class="conversation" aria-labelledby={id}>
          <ConversationHeader conversation={conversation} id={id} />
          <MessagePane conversation={conversation} {...shown} />
        </main>
      </div>
      {thread ? (
        <aside class="app-beside" aria-label={t('app.beside')}>
          <ThreadPanel
            key={thread}
            conversation={conversation}
            root_id={thread}
            {...(message === undefined ? {} : { message })}
          />
        </aside>
      ) : (
        Panel && (
          <aside class="app-beside" aria-label={t('app.beside')}>
            <Panel key={panel} conversation={conversation} />
          </aside>
        )
      )}
    </>
  )
}

type Found =
  | { status: 'loading' }
  | { status: 'ready'; conversation: Conversation }
  | { status: 'failed'; error: unknown; retry(): void }
  /** `had`: it was there a moment ago. */
  | { status: 'gone'; had: boolean }

/** As the list knows it; one that it does not know yet is asked for. */
function useConversation(id: string): Found {
  const { client, conversations } = useCenter()
  const listed = useStore(conversations).items.find((one) => one.id === id)
  const had = useRef(false)
  if (listed) had.current = true
  const [answer, setAnswer] = useState<Conversation | { error: unknown }>()
  const [attempt, setAttempt] = useState(0)
  const isMissing = !listed
  useEffect(() => {
    if (!isMissing || had.current) return
    let left = false
    setAnswer(undefined)
    client
      .conversation(id)
      .get()
      .then(
        (conversation) => !left && setAnswer(conversation),
        (error: unknown) => !left && setAnswer({ error })
      )
    return () => {
      left = true
    }
  }, [client, id, isMissing, attempt])
  if (listed) return { status: 'ready', conversation: listed }
  if (had.current) return { status: 'gone', had: true }
  if (!answer) return { status: 'loading' }
  if (!('error' in answer)) return { status: 'ready', conversation: answer }
  // An address that is no id at all is one of nothing.
  const { error } = answer
  const isNothing = error instanceof NotFoundError || (error as { status?: number }).status === 400
  if (isNothing) return { status: 'gone', had: false }
  return { status: 'failed', error, retry: () => setAttempt(attempt + 1) }
}

function Gone({ had }: { had: boolean }) {
  const { t } = useStrings()
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => heading.current?.focus(), [])
  return (
    <div class="app-place">
      <main class="app-home">
        <div class="state">
          <span class="state-icon">
            <Icon name="lock" />
          </span>
          <h1 ref={heading} class="state-title" tabIndex={-1}>
            {t(had ? 'app.gone' : 'app.notThere')}
          </h1>
          <p class="state-text">{t(had ? 'app.goneHint' : 'app.notThereHint')}</p>
          <PlaceLink to={{ at: 'home' }} class="button">
            {t('app.backToList')}
          </PlaceLink>
        </div>
      </main>
    </div>
  )
}
