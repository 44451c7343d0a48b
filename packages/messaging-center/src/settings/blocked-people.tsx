import type { User } from '@parley/contracts'
import { useRef, useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { useStore } from '../app/use-store.ts'
import { Button } from '../design/button.tsx'
import { keepFocus } from '../design/focus.ts'
import { Spinner } from '../design/spinner.tsx'
import { ErrorState } from '../design/states.tsx'
import { blocksOf } from '../people/blocks.ts'
import { PersonLine } from '../people/person-picker.tsx'
import { errorText } from '../strings/error-text.ts'
import { Section } from './section.tsx'

/** Whom one blocked, and the way back. */
export function BlockedPeople() {
  const { client } = useCenter()
  const { t } = useStrings()
  const blocks = blocksOf(client)
  const { status, users, error } = useStore(blocks)
  return (
    <Section title={t('settings.blocked')} hint={t('people.blockMeans')}>
      {status === 'loading' && <Spinner label={t('common.loading')} />}
      {status === 'failed' && <ErrorState error={error} retry={blocks.reload} />}
      {status === 'ready' && users.length === 0 && <p class="settings-none">{t('settings.noBlocked')}</p>}
      {users.length > 0 && (
        <ul class="settings-list">
          {users.map((user) => (
            <BlockedPerson key={user.id} user={user} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function BlockedPerson({ user }: { user: User }) {
  const { client, announce, notify } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const row = useRef<HTMLLIElement>(null)
  const [busy, setBusy] = useState(false)
  const name = user.display_name
  const unblock = async () => {
    setBusy(true)
    try {
      const section = row.current?.closest('section')
      await blocksOf(client).unblock(user)
      keepFocus(section)
      announce(t('people.unblocked', { name }))
    } catch (error) {
      notify({ text: errorText(strings, error) })
      setBusy(false)
    }
  }
  return (
    <li ref={row} class="settings-item">
      <span class="person-line">
        <PersonLine user={user} />
      </span>
      <Button busy={busy} onClick={unblock} aria-label={t('settings.unblockNamed', { name })}>
        {t('people.unblock')}
      </Button>
    </li>
  )
}
