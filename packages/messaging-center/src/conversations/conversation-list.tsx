import { useId, useMemo, useRef, useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { lazy } from '../app/lazy.tsx'
import { PlaceLink } from '../app/place-link.tsx'
import { useStore } from '../app/use-store.ts'
import { Button, IconButton } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'
import { SearchField } from '../design/search-field.tsx'
import { EmptyState, ErrorState } from '../design/states.tsx'
import { bestFit } from '../people/name-match.ts'
import { nameOf } from './conversation-name.ts'
import { ConversationRows, type RowsHandle } from './conversation-rows.tsx'
import { Myself } from './myself.tsx'

const NewConversation = lazy(async () => (await import('./new-conversation.tsx')).NewConversation, {
  over: true
})

/** My conversations, and the ways to more of them. */
export function ConversationList() {
  const { conversations, router } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const { status, items, error } = useStore(conversations)
  const { at } = useStore(router)
  const [creating, setCreating] = useState(false)
  const [typed, setTyped] = useState('')
  const rows = useRef<RowsHandle>(null)
  const id = useId()
  const shown = useMemo(
    () =>
      typed.trim()
        ? items.filter((one) => bestFit(typed, [nameOf(one, strings), one.peer?.username ?? '']) > 0)
        : items,
    [items, typed, strings]
  )
  return (
    <nav class="conversations" aria-labelledby={id}>
      <header class="conversations-head">
        <h2 id={id} tabIndex={-1}>
          {t('conversations.title')}
        </h2>
        <PlaceLink
          to={{ at: 'discover' }}
          class="icon-button"
          title={t('conversations.discover')}
          aria-label={t('conversations.discover')}
          aria-current={at === 'discover' ? 'page' : undefined}
        >
          <Icon name="compass" />
        </PlaceLink>
        <IconButton icon="plus" label={t('conversations.new')} onClick={() => setCreating(true)} />
      </header>
      <search class="conversations-filter">
        <SearchField
          label={t('conversations.filter')}
          text={typed}
          onText={setTyped}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') rows.current?.focus()
            else if (event.key === 'Enter' && shown[0]) router.go({ at: 'conversation', id: shown[0].id })
            else if (event.key === 'Escape' && typed) setTyped('')
            else return
            event.preventDefault()
            event.stopPropagation()
          }}
        />
        <span class="unseen" role="status">
          {typed.trim() && t('conversations.found', { n: shown.length })}
        </span>
      </search>
      {shown.length > 0 ? (
        <ConversationRows ref={rows} items={shown} label={t('conversations.title')} />
      ) : status === 'loading' ? (
        <Skeletons />
      ) : status === 'failed' ? (
        <ErrorState error={error} retry={() => void conversations.reload()} />
      ) : typed.trim() ? (
        <EmptyState icon="search" title={t('conversations.noMatch')} text={t('conversations.noMatchHint')} />
      ) : (
        <EmptyState
          icon="message"
          title={t('conversations.none')}
          text={t('conversations.noneHint')}
          action={
            <>
              <Button look="primary" icon="plus" onClick={() => setCreating(true)}>
                {t('conversations.new')}
              </Button>
              <PlaceLink to={{ at: 'discover' }} class="button button-quiet">
                {t('conversations.discover')}
              </PlaceLink>
            </>
          }
        />
      )}
      {shown.length > 0 && status === 'failed' && (
        <p class="conversations-failed" role="alert">
          {t('conversations.incomplete')}{' '}
          <Button look="quiet" onClick={() => void conversations.reload()}>
            {t('common.retry')}
          </Button>
        </p>
      )}
      <Myself />
      {creating && <NewConversation onClose={() => setCreating(false)} />}
    </nav>
  )
}

/** In the size of what will come. */
function Skeletons() {
  const { t } = useStrings()
  return (
    <div class="conversations-skeletons" role="status">
      <span class="unseen">{t('common.loading')}</span>
      {Array.from({ length: 8 }, (_, n) => (
        <div key={n} class="conversation-skeleton">
          <span class="skeleton conversation-skeleton-face" />
          <span class="skeleton conversation-skeleton-name" />
          <span class="skeleton conversation-skeleton-text" />
        </div>
      ))}
    </div>
  )
}
