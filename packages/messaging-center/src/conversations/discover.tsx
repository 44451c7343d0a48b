import type { PublicConversation } from '@parley/contracts'
import { useCallback, useEffect, useId, useRef, useState } from 'preact/hooks'
import { BackButton } from '../app/back-button.tsx'
import { useCenter, useStrings } from '../app/context.ts'
import { intentKeys } from '../app/intent-keys.ts'
import { LoadMore } from '../app/load-more.tsx'
import { useDebounced } from '../app/use-debounced.ts'
import { type PageQuery, usePages } from '../app/use-pages.ts'
import { Avatar } from '../design/avatar.tsx'
import { Button } from '../design/button.tsx'
import { SearchField } from '../design/search-field.tsx'
import { Spinner } from '../design/spinner.tsx'
import { EmptyState, ErrorState } from '../design/states.tsx'
import { joinErrorText } from './conversation-errors.ts'

/** Public groups: found by words, and joined. */
export function Discover() {
  const { client, announce } = useCenter()
  const { t } = useStrings()
  const id = useId()
  const heading = useRef<HTMLHeadingElement>(null)
  const [text, setText] = useState('')
  const q = useDebounced(text.trim().slice(0, 100), 250)
  const read = useCallback(
    (page: PageQuery, signal: AbortSignal) =>
      client.rest('GET conversations/public/', { ...page, ...(q ? { q } : {}) }, { signal }),
    [client, q]
  )
  const pages = usePages(read, 30)
  const { status, items } = pages
  useEffect(() => heading.current?.focus(), [])
  useEffect(() => {
    if (status === 'ready' && q) announce(t('conversations.groupsFound', { n: items.length }))
  }, [status, q])
  return (
    <main class="discover" aria-labelledby={id}>
      <header class="page-head">
        <BackButton />
        <h1 ref={heading} id={id} class="page-title" tabIndex={-1}>
          {t('conversations.discover')}
        </h1>
      </header>
      <div class="discover-body">
        <p class="discover-intro">{t('conversations.discoverIntro')}</p>
        <search>
          <SearchField label={t('conversations.discoverSearch')} text={text} onText={setText} />
        </search>
        {status === 'loading' && items.length === 0 && <Spinner label={t('common.loading')} />}
        {status === 'failed' && <ErrorState error={pages.error} retry={pages.reload} />}
        {status === 'ready' && items.length === 0 && <NoGroups q={q} />}
        {items.length > 0 && (
          <ul class="discover-list">
            {items.map((group) => (
              <GroupCard key={group.id} group={group} />
            ))}
          </ul>
        )}
        {status === 'ready' && <LoadMore pages={pages} loadMore={pages.loadMore} />}
      </div>
    </main>
  )
}

function NoGroups({ q }: { q: string }) {
  const { t } = useStrings()
  return q ? (
    <EmptyState icon="search" title={t('conversations.noneFound')} text={t('conversations.noneFoundHint')} />
  ) : (
    <EmptyState
      icon="compass"
      title={t('conversations.nonePublic')}
      text={t('conversations.nonePublicHint')}
    />
  )
}

function GroupCard({ group }: { group: PublicConversation }) {
  const { client, router } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const [keyOf] = useState(intentKeys)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const title = group.title ?? t('conversations.untitled')
  const open = () => router.go({ at: 'conversation', id: group.id })
  const join = async () => {
    setBusy(true)
    setError(undefined)
    try {
      const wish = { conversation_id: group.id }
      await client.rest('POST conversations/{conversation_id}/join/', wish, { key: keyOf(wish) })
      open()
    } catch (cause) {
      setError(cause)
      setBusy(false)
    }
  }
  return (
    <li class="discover-card">
      <Avatar user={{ id: group.id, display_name: group.title ?? '' }} group />
      <div class="discover-about">
        <h2 class="discover-title" dir="auto">
          {title}
        </h2>
        {group.description && (
          <p class="discover-description" dir="auto">
            {group.description}
          </p>
        )}
        <p class="discover-facts">{t('conversations.members', { n: group.member_count })}</p>
        {error !== undefined && (
          <p class="form-error" role="alert">
            {joinErrorText(strings, error)}
          </p>
        )}
      </div>
      {group.joined ? (
        <Button look="quiet" onClick={open} aria-label={t('conversations.openNamed', { name: title })}>
          {t('conversations.open')}
        </Button>
      ) : (
        <Button busy={busy} onClick={join} aria-label={t('conversations.joinNamed', { name: title })}>
          {t('conversations.join')}
        </Button>
      )}
    </li>
  )
}
