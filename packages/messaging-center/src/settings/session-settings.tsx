import type { Reply } from '@parley/client'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { Button } from '../design/button.tsx'
import { ConfirmDialog } from '../design/confirm-dialog.tsx'
import { keepFocus } from '../design/focus.ts'
import { Spinner } from '../design/spinner.tsx'
import { ErrorState } from '../design/states.tsx'
import { errorText } from '../strings/error-text.ts'
import type { Strings } from '../strings/strings.ts'
import { deviceOf } from './device-name.ts'
import { Section } from './section.tsx'

type Session = Reply<'GET auth/sessions/'>['items'][number]

/** Where one is signed in, and the ways to end that. */
export function SessionSettings() {
  const { client, signOut } = useCenter()
  const { t } = useStrings()
  const [sessions, setSessions] = useState<readonly Session[]>()
  const [error, setError] = useState<unknown>()
  const [asking, setAsking] = useState(false)
  const load = () => {
    setError(undefined)
    client.rest('GET auth/sessions/').then(({ items }) => setSessions(inOrder(items)), setError)
  }
  useEffect(load, [client])
  return (
    <Section title={t('settings.sessions')}>
      {error !== undefined && <ErrorState error={error} retry={load} />}
      {!sessions && error === undefined && <Spinner label={t('common.loading')} />}
      {sessions && (
        <ul class="settings-list">
          {sessions.map((one) => (
            <SessionItem
              key={one.id}
              session={one}
              onEnded={() => setSessions((all) => all?.filter(({ id }) => id !== one.id))}
            />
          ))}
        </ul>
      )}
      <div class="settings-actions">
        <Button onClick={() => setAsking(true)}>{t('settings.signOutEverywhere')}</Button>
      </div>
      {asking && (
        <ConfirmDialog
          title={t('settings.signOutEverywhere')}
          text={t('settings.signOutEverywhereText')}
          confirm={t('settings.signOutEverywhere')}
          danger
          onConfirm={async () => {
            await client.rest('POST auth/logout-all/')
            await signOut()
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </Section>
  )
}

function SessionItem({ session, onEnded }: { session: Session; onEnded: () => void }) {
  const { client, announce } = useCenter()
  const strings = useStrings()
  const { t, day, time } = strings
  const row = useRef<HTMLLIElement>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const device = deviceText(strings, session.user_agent)
  const end = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await client.rest('DELETE auth/sessions/{session_id}/', { session_id: session.id })
      announce(t('settings.sessionEnded', { device }))
      keepFocus(row.current?.closest('section'))
      onEnded()
    } catch (cause) {
      setError(cause)
      setBusy(false)
    }
  }
  const { last_seen_at: seen, created_at: begun } = session
  return (
    <li ref={row} class="settings-item">
      <span class="settings-about">
        <span class="settings-device">
          <span title={session.user_agent ?? undefined}>{device}</span>
          {session.current && <span class="chip">{t('settings.thisDevice')}</span>}
        </span>
        <span class="settings-facts">{t('settings.lastActive', { day: day(seen), time: time(seen) })}</span>
        <span class="settings-facts">{t('settings.signedInAt', { day: day(begun), time: time(begun) })}</span>
        {error !== undefined && (
          <span class="field-error" role="alert">
            {errorText(strings, error)}
          </span>
        )}
      </span>
      {!session.current && (
        <Button busy={busy} onClick={end} aria-label={t('settings.endSessionNamed', { device })}>
          {t('settings.endSession')}
        </Button>
      )}
    </li>
  )
}

/** This one first, then who was active last. */
function inOrder(sessions: readonly Session[]): Session[] {
  return sessions.toSorted(
    (one, other) =>
      Number(other.current) - Number(one.current) || (one.last_seen_at < other.last_seen_at ? 1 : -1)
  )
}

function deviceText({ t }: Strings, user_agent: string | null): string {
  const { browser, system } = deviceOf(user_agent)
  if (browser && system) return t('settings.browserOn', { browser, system })
  return browser ?? system ?? t('settings.unknownDevice')
}
