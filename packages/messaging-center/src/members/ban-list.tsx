import type { Ban, Conversation } from '@parley/contracts'
import { useCallback, useRef, useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { LoadMore } from '../app/load-more.tsx'
import { type PageQuery, usePages } from '../app/use-pages.ts'
import { Button } from '../design/button.tsx'
import { keepFocus } from '../design/focus.ts'
import { Spinner } from '../design/spinner.tsx'
import { EmptyState, ErrorState } from '../design/states.tsx'
import { PersonLine } from '../people/person-picker.tsx'
import { errorText } from '../strings/error-text.ts'

/** Who is kept out of a group, until when, and why. */
export function BanList({ conversation: { id: conversation_id } }: { conversation: Conversation }) {
  const { client } = useCenter()
  const { t } = useStrings()
  const read = useCallback(
    (page: PageQuery, signal: AbortSignal) =>
      client.rest('GET conversations/{conversation_id}/bans/', { conversation_id, ...page }, { signal }),
    [client, conversation_id]
  )
  const pages = usePages(read)
  const { status, items } = pages
  if (status === 'loading') return <Spinner label={t('common.loading')} />
  if (status === 'failed') return <ErrorState error={pages.error} retry={pages.reload} />
  if (items.length === 0)
    return <EmptyState icon="shield" title={t('members.noBans')} text={t('members.noBansHint')} />
  return (
    <>
      <ul class="ban-list">
        {items.map((ban) => (
          <BanRow
            key={ban.user.id}
            conversation_id={conversation_id}
            ban={ban}
            onGone={() => pages.change((all) => all.filter((one) => one !== ban))}
          />
        ))}
      </ul>
      <LoadMore pages={pages} loadMore={pages.loadMore} />
    </>
  )
}

interface BanRowProps {
  conversation_id: string
  ban: Ban
  onGone(): void
}

function BanRow({ conversation_id, ban: { user, reason, expires_at }, onGone }: BanRowProps) {
  const { client, announce } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const name = user.display_name
  const row = useRef<HTMLLIElement>(null)
  const lift = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await client.rest('DELETE conversations/{conversation_id}/bans/{user_id}/', {
        conversation_id,
        user_id: user.id
      })
      announce(t('members.unbanned', { name }))
      keepFocus(row.current?.closest<HTMLElement>('[role="tabpanel"]'))
      onGone()
    } catch (cause) {
      setError(cause)
      setBusy(false)
    }
  }
  return (
    <li ref={row} class="ban-row">
      <div class="person-line">
        <PersonLine user={user} />
      </div>
      <p class="ban-terms">
        {expires_at
          ? t('members.bannedUntil', { day: strings.day(expires_at), time: strings.time(expires_at) })
          : t('members.bannedForGood')}
      </p>
      {reason && (
        <p class="ban-reason" dir="auto">
          {reason}
        </p>
      )}
      {error !== undefined && (
        <p class="form-error" role="alert">
          {errorText(strings, error)}
        </p>
      )}
      <Button busy={busy} onClick={lift} aria-label={t('members.unbanNamed', { name })}>
        {t('members.unban')}
      </Button>
    </li>
  )
}
