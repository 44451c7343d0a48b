import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { ConversationList } from '../conversations/conversation-list.tsx'
import { Icon } from '../design/icon.tsx'
import { focusedIn } from '../design/focus.ts'
import { BackButton } from './back-button.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { ConversationPlace, preloadConversation } from './conversation-place.tsx'
import { useCenter, useStrings } from './context.ts'
import { GlobalShortcuts } from './global-shortcuts.tsx'
import { isSavingData, lazy, preloadAll } from './lazy.tsx'
import { placeOf } from './route.ts'
import { useStore } from './use-store.ts'

const Settings = lazy(async () => (await import('../settings/settings.tsx')).Settings, { around: Coming })
const Discover = lazy(async () => (await import('../conversations/discover.tsx')).Discover, {
  around: Coming
})

/** A page that is on its way, with the way back. */
function Coming({ children }: { children: ComponentChildren }) {
  return (
    <main class="app-coming">
      <BackButton />
      {children}
    </main>
  )
}

const REST_MS = 5_000

/** The list, the place one is at, and what is beside it; where there is little room, one of them at a time. */
export function Layout({ came_in }: { came_in: boolean }) {
  const { router } = useCenter()
  const { t } = useStrings()
  const route = useStore(router)
  const ref = useRef<HTMLDivElement>(null)
  const place = placeOf(route)
  const shown = useRef(place)
  useLayoutEffect(() => {
    if (shown.current === place || !ref.current) return
    shown.current = place
    focusPlace(ref.current)
  }, [place])
  useLayoutEffect(() => {
    if (!came_in || !ref.current || document.activeElement !== document.body) return
    focusPlace(ref.current)
    // A conversation's heading comes with what is known of it.
    if (!focusedIn(ref.current)) ref.current.querySelector('h2')?.focus()
  }, [])
  useEffect(preloadSoon, [])
  const beside = route.at === 'conversation' && Boolean(route.thread ?? route.panel)
  return (
    <div ref={ref} class="app-layout" data-at={route.at} data-beside={beside}>
      <button
        type="button"
        class="app-skip button"
        onClick={() => {
          if (ref.current) focusPlace(ref.current, true)
        }}
      >
        {t('app.skip')}
      </button>
      <ConversationList />
      {route.at === 'conversation' ? (
        <ConversationPlace key={route.id} route={route} />
      ) : (
        <div class="app-place">
          {route.at === 'settings' && <Settings />}
          {route.at === 'discover' && <Discover />}
          {route.at === 'home' && <Home />}
        </div>
      )}
      <ConnectionBanner />
      <GlobalShortcuts />
    </div>
  )
}

/** The focus goes to the heading of the place that one has come to, unless it knows better. */
function focusPlace(layout: HTMLElement, always = false): void {
  const place = layout.querySelector<HTMLElement>('.app-place')
  const isShown = place?.checkVisibility()
  if (!always && place?.contains(focusedIn(layout) ?? null)) return
  const heading = isShown ? place?.querySelector('h1') : layout.querySelector('h2')
  if (!heading) return
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}

/** What is likely first, the rest when the page has come to rest; not where people pay for it. */
function preloadSoon(): () => void {
  preloadConversation()
  const timer = isSavingData() ? undefined : setTimeout(preloadAll, REST_MS)
  return () => clearTimeout(timer)
}

function Home() {
  const { t } = useStrings()
  return (
    <main class="app-home">
      <div class="state">
        <span class="state-icon">
          <Icon name="message" />
        </span>
        <h1 class="state-title">{t('app.welcome')}</h1>
        <p class="state-text">{t('app.welcomeHint')}</p>
      </div>
    </main>
  )
}
