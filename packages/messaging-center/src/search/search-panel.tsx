import type { Client } from '@parley/client'
import type { Conversation, SearchQuery } from '@parley/contracts'
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { LoadMore } from '../app/load-more.tsx'
import { SidePanel } from '../app/side-panel.tsx'
import { useDebounced } from '../app/use-debounced.ts'
import { type PageQuery, usePages } from '../app/use-pages.ts'
import { Spinner } from '../design/spinner.tsx'
import { EmptyState, ErrorState } from '../design/states.tsx'
import { SearchForm } from './search-form.tsx'
import { SearchHits } from './search-hits.tsx'
import { searchPage } from './search-page.ts'
import { nothingWished, queryOf, type SearchWish } from './search-wish.ts'

/** What was looked for last: whoever comes back from a message that was found goes on with it. */
const wishes = new WeakMap<Client, SearchWish>()

const DEBOUNCE_MS = 350
const PAGE = 20

/** Finds messages, beside a conversation: in it, or in all of mine. */
export function SearchPanel({ conversation }: { conversation: Conversation }) {
  const { client, me } = useCenter()
  const { t } = useStrings()
  const [wish, setWish] = useState<SearchWish>(() => wishes.get(client) ?? nothingWished)
  wishes.set(client, wish)
  const settled = useDebounced(JSON.stringify(queryOf(wish, conversation.id, me) ?? null), DEBOUNCE_MS)
  const query = useMemo(() => JSON.parse(settled) as SearchQuery | null, [settled])
  return (
    <SidePanel title={t('search.title')}>
      <SearchForm conversation={conversation} wish={wish} onWish={setWish} />
      {query ? (
        <Found query={query} everywhere={wish.where === 'everywhere'} />
      ) : (
        <EmptyState icon="search" title={t('search.begin')} text={t('search.hint')} />
      )}
    </SidePanel>
  )
}

function Found({ query, everywhere }: { query: SearchQuery; everywhere: boolean }) {
  const { client, announce } = useCenter()
  const { t } = useStrings()
  const read = useCallback(
    (page: PageQuery, signal: AbortSignal) => searchPage(client, { ...query, ...page }, signal),
    [client, query]
  )
  const pages = usePages(read, PAGE)
  const { status, items, more } = pages
  const count = status === 'ready' ? items.length : undefined
  useEffect(() => {
    if (count === undefined) return
    announce(
      count === 0 ? t('search.none') : t(more === 'none' ? 'search.found' : 'search.foundMore', { n: count })
    )
  }, [count])
  if (status === 'failed') return <ErrorState error={pages.error} retry={pages.reload} />
  return (
    <div class="search-found" aria-busy={status === 'loading'}>
      {status === 'loading' && <Spinner label={t('search.looking')} />}
      {status === 'ready' && items.length === 0 && more === 'none' && (
        <EmptyState icon="search" title={t('search.none')} text={t('search.noneHint')} />
      )}
      <SearchHits hits={items} everywhere={everywhere} />
      <LoadMore pages={pages} loadMore={pages.loadMore} />
    </div>
  )
}
