import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { firstStyles } from '../design/style-sheet.ts'
import { preloadConversation } from './conversation-place.tsx'
import { useStrings } from './context.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import type { Router } from './router.ts'
import type { Session } from './session.ts'
import { Signed } from './signed.tsx'
import { Spinner } from '../design/spinner.tsx'
import { ErrorState } from '../design/states.tsx'
import { lazy } from './lazy.tsx'
import { useStore } from './use-store.ts'

const SignIn = lazy(async () => (await import('../sign-in/sign-in.tsx')).SignIn)

/** The messaging center: signing in, or the list, the open conversation and what is beside it. */
export function App({ session, router }: { session: Session; router: Router }) {
  const { language, direction } = useStrings()
  const { owns_page } = router
  useLayoutEffect(() => {
    if (owns_page) document.documentElement.lang = language
  }, [owns_page, language])
  // Who it is can be found out meanwhile.
  useStore(session)
  useEffect(() => {
    if (router.get().at === 'conversation') preloadConversation()
  }, [router])
  if (!useStyles()) return null
  return (
    <div class="app" lang={language} dir={direction}>
      <ErrorBoundary owns_page={owns_page}>
        <Door session={session} router={router} />
      </ErrorBoundary>
    </div>
  )
}

/** Whether the looks are there. Where they cannot be had, it has to do without. */
function useStyles(): boolean {
  const [are, setAre] = useState(false)
  useEffect(() => {
    void (async () => {
      await firstStyles()
        .catch(firstStyles)
        .catch(() => undefined)
      setAre(true)
    })()
  }, [])
  return are
}

function Door({ session, router }: { session: Session; router: Router }) {
  const { t } = useStrings()
  const state = useStore(session)
  const hasAsked = useRef(false)
  if (state.status === 'signed-in')
    return (
      <Signed
        key={state.me.id}
        me={state.me}
        client={state.client}
        session={session}
        router={router}
        came_in={hasAsked.current}
      />
    )
  hasAsked.current = state.status === 'signed-out'
  if (state.status === 'signed-out')
    return <SignIn session={session} reason={state.reason} focus={router.owns_page} />
  return (
    <main class="app-door">
      {state.error === undefined ? (
        <div class="state state-late">
          <Spinner label={t('common.loading')} />
        </div>
      ) : (
        <ErrorState error={state.error} retry={() => void session.look()} />
      )}
    </main>
  )
}
