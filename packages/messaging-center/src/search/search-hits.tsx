import type { SearchHit } from '@parley/contracts'
import { useCenter, useStrings } from '../app/context.ts'
import { PlaceLink } from '../app/place-link.tsx'
import { useStore } from '../app/use-store.ts'
import { nameOf } from '../conversations/conversation-name.ts'
import { Avatar } from '../design/avatar.tsx'
import { messageRoute } from '../messages/message-route.ts'
import { highlight } from './highlights.ts'

/** What was found: each leads to its place. */
export function SearchHits({ hits, everywhere }: { hits: readonly SearchHit[]; everywhere: boolean }) {
  const { t } = useStrings()
  if (hits.length === 0) return null
  return (
    <ol class="search-hits" aria-label={t('search.hits')}>
      {hits.map((hit) => (
        <Hit key={hit.message.id} hit={hit} everywhere={everywhere} />
      ))}
    </ol>
  )
}

function Hit({ hit: { message, highlights }, everywhere }: { hit: SearchHit; everywhere: boolean }) {
  const strings = useStrings()
  const { conversations } = useCenter()
  const { items } = useStore(conversations)
  const conversation = items.find(({ id }) => id === message.conversation_id)
  const { sender, created_at, body, attachments = [] } = message
  return (
    <li>
      <PlaceLink class="search-hit" to={messageRoute(message, 'search')}>
        <Avatar user={sender} size="small" />
        <span class="search-hit-head">
          <bdi class="search-hit-name">{sender.display_name}</bdi>
          <time dateTime={created_at}>
            {strings.t('actions.at', { day: strings.day(created_at), time: strings.time(created_at) })}
          </time>
          {everywhere && conversation && <bdi class="search-hit-where">{nameOf(conversation, strings)}</bdi>}
        </span>
        <span class="search-hit-body" dir="auto">
          {body
            ? highlight(body, highlights).map(({ text, marked }, index) =>
                marked ? <mark key={index}>{text}</mark> : text
              )
            : attachments.map(({ name }) => name).join(', ')}
        </span>
      </PlaceLink>
    </li>
  )
}
