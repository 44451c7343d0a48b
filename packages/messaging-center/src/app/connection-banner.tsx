import type { ConnectionState } from '@parley/client'
import { connectionStore, outboxStore } from '@parley/client/stores'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { Button } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'
import { Spinner } from '../design/spinner.tsx'
import { errorText } from '../strings/error-text.ts'
import type { Strings } from '../strings/strings.ts'
import { useCenter, useStrings } from './context.ts'
import { useStore } from './use-store.ts'

/** What is over so soon need not be known. */
const PATIENCE_MS = 2_500

/** Says that there is no connection, when it is tried again, and how much waits for it. Lies over the page and moves nothing. */
export function ConnectionBanner() {
  const { client, me, announce } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const state = useStore(useMemo(() => connectionStore(client), [client]))
  const unsent = useStore(useMemo(() => outboxStore(client), [client])).filter(
    (entry) => (entry.state === 'queued' || entry.state === 'sending') && (entry.user_id ?? me.id) === me.id
  ).length
  const isFine = state.status === 'online' || state.status === 'moving' || state.status === 'idle'
  const isShown = useLasting(!isFine, state.status === 'offline' || state.status === 'closed')
  useEffect(() => {
    if (!isShown) return
    announce(t(state.status === 'offline' ? 'app.offline' : 'app.noConnection'))
    return () => announce(t('app.connected'))
  }, [isShown])
  if (!isShown) return null
  return (
    <section class="connection" aria-label={t('app.connection')}>
      <span class="connection-sign">
        {state.status === 'connecting' ? <Spinner /> : <Icon name="offline" />}
      </span>
      <p class="connection-text">
        <StateText state={state} strings={strings} />
        {unsent > 0 && ` ${t('app.unsent', { n: unsent })}`}
      </p>
      {state.status !== 'connecting' && (
        <Button look="quiet" onClick={() => void client.connect().catch(() => undefined)}>
          {t('app.tryNow')}
        </Button>
      )}
    </section>
  )
}

function StateText({ state, strings }: { state: ConnectionState; strings: Strings }) {
  const { t } = strings
  const { status, retry_at, error } = state
  const seconds = useSecondsUntil(status === 'waiting' ? retry_at : undefined)
  if (status === 'offline') return <>{t('app.offline')}</>
  if (status === 'closed') return <>{error ? errorText(strings, error) : t('app.noConnection')}</>
  if (status === 'connecting' || !seconds) return <>{t('app.connecting')}</>
  return <>{t('app.retryIn', { n: seconds })}</>
}

function useSecondsUntil(at: number | undefined): number | undefined {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (at === undefined) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [at])
  return at === undefined ? undefined : Math.max(0, Math.ceil((at - now) / 1_000))
}

/** Whether it has been so for a while, or is so serious that this does not matter. */
function useLasting(is: boolean, serious: boolean): boolean {
  const [lasted, setLasted] = useState(false)
  useEffect(() => {
    if (!is) {
      setLasted(false)
      return
    }
    const timer = setTimeout(() => setLasted(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [is])
  return is && (lasted || serious)
}
