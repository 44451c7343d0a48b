import { typingStore } from '@parley/client/stores'
import type { Conversation, User } from '@parley/contracts'
import { useMemo } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { memo } from '../app/memo.ts'
import { PlaceLink } from '../app/place-link.tsx'
import { useStore } from '../app/use-store.ts'
import { Avatar } from '../design/avatar.tsx'
import { Icon } from '../design/icon.tsx'
import { nameOf } from './conversation-name.ts'
import { draftText } from './draft-texts.ts'
import { lastMessageText, plainLine } from './last-message.ts'
import { shortTime } from './short-time.ts'
import { TypingText } from './typing-text.tsx'
import { countText } from './unread.ts'

export interface ConversationRowProps {
  conversation: Conversation
  /** Its place in the list, in pixels. */
  top: number
  index: number
  /** How many there are. */
  count: number
  /** It is open. */
  current: boolean
  /** It takes the Tab key. */
  active: boolean
}

export const ConversationRow = memo(function ConversationRow(props: ConversationRowProps) {
  const { conversation, top, index, count, current, active } = props
  const strings = useStrings()
  const { id, unread_count, last_message, created_at } = conversation
  const at = last_message?.created_at ?? created_at
  const name = nameOf(conversation, strings)
  return (
    <li
      class="conversation-row"
      style={{ transform: `translateY(${top}px)` }}
      aria-setsize={count}
      aria-posinset={index + 1}
    >
      <PlaceLink
        to={{ at: 'conversation', id }}
        class={`conversation-link${unread_count > 0 && !conversation.mute ? ' conversation-unread' : ''}`}
        data-conversation={id}
        tabIndex={active ? 0 : -1}
        aria-current={current ? 'page' : undefined}
      >
        <ConversationAvatar conversation={conversation} name={name} />
        <span class="conversation-name" dir="auto">
          {name}
        </span>
        <time class="conversation-time" dateTime={at}>
          {shortTime(at, strings)}
        </time>
        <Preview conversation={conversation} current={current} />
        <Badges conversation={conversation} />
      </PlaceLink>
    </li>
  )
})

/** The other one's, with their presence, or the group's. */
export function ConversationAvatar({ conversation, name }: { conversation: Conversation; name: string }) {
  const { id, kind, title, peer } = conversation
  if (peer) return <PeerAvatar peer={peer} />
  return (
    <Avatar user={{ id, display_name: kind === 'group' ? (title ?? '') : name }} group={kind === 'group'} />
  )
}

function PeerAvatar({ peer }: { peer: User }) {
  const { presenceOf } = useCenter()
  const presence = useStore(presenceOf(peer.id))
  return <Avatar user={peer} presence={presence?.status} />
}

/** Who is writing, else what I began, else what was said last. */
function Preview({ conversation, current }: { conversation: Conversation; current: boolean }) {
  const { client, me } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const { id } = conversation
  const writing = useStore(useMemo(() => typingStore(client, id), [client, id]))
  const draft = useStore(useMemo(() => draftText(me.id, id), [me.id, id]))
  if (writing.length > 0)
    return (
      <span class="conversation-preview conversation-typing">
        {conversation.kind === 'group' ? <TypingText ids={writing} /> : t('conversations.typing')}
      </span>
    )
  if (draft !== undefined && !current)
    return (
      <span class="conversation-preview" dir="auto">
        <span class="conversation-draft">{t('conversations.draft')}</span>{' '}
        {plainLine(draft) || t('conversations.draftFiles')}
      </span>
    )
  const deleted = conversation.last_message?.deleted_at
  return (
    <span class={`conversation-preview${deleted ? ' conversation-deleted' : ''}`} dir="auto">
      {lastMessageText(conversation, me.id, strings)}
    </span>
  )
}

function Badges({ conversation: { unread_count, mention_count = 0, mute } }: { conversation: Conversation }) {
  const strings = useStrings()
  const { t } = strings
  return (
    <span class="conversation-badges">
      {mute && (
        <span class="conversation-muted">
          <Icon name="bell-off" />
          <span class="unseen">{t(`conversations.muted_${mute.keep}`)}</span>
        </span>
      )}
      {mention_count > 0 && (
        <span class="badge badge-mention">
          <span aria-hidden="true">@{mention_count > 1 && countText(mention_count, strings)}</span>
          <span class="unseen">{t('conversations.mentions', { n: mention_count })}</span>
        </span>
      )}
      {unread_count > 0 && (
        <span class={`badge${mute ? ' badge-quiet' : ''}`}>
          <span aria-hidden="true">{countText(unread_count, strings)}</span>
          <span class="unseen">{t('conversations.unread', { n: unread_count })}</span>
        </span>
      )}
    </span>
  )
}
