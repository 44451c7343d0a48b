import { typingStore } from '@parley/client/stores'
import type { Conversation, User } from '@parley/contracts'
import { useMemo } from 'preact/hooks'
import { BackButton } from '../app/back-button.tsx'
import { useCenter, useStrings } from '../app/context.ts'
import { type Panel, withPanel } from '../app/route.ts'
import { useStore } from '../app/use-store.ts'
import { IconButton } from '../design/button.tsx'
import type { IconName } from '../design/icon.tsx'
import type { Key } from '../strings/strings.ts'
import { ConversationMenu } from './conversation-menu.tsx'
import { nameOf } from './conversation-name.ts'
import { ConversationAvatar } from './conversation-row.tsx'
import { lastSeenText } from './last-seen.ts'
import { TypingText } from './typing-text.tsx'

export interface PanelEntry {
  panel: Panel
  icon: IconName
  label: Key
}

const entries: readonly PanelEntry[] = [
  { panel: 'search', icon: 'search', label: 'search.title' },
  { panel: 'threads', icon: 'thread', label: 'conversations.threads' },
  { panel: 'pins', icon: 'pin', label: 'conversations.pins' },
  { panel: 'members', icon: 'members', label: 'members.title' }
]

/** Whose conversation this is, and the buttons of its panels. `id` is that of its heading. */
export function ConversationHeader({ conversation, id }: { conversation: Conversation; id?: string }) {
  const { router } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const route = useStore(router)
  const open = route.at === 'conversation' && !route.thread ? route.panel : undefined
  const name = nameOf(conversation, strings)
  const panels = entries.filter(({ panel }) => panel !== 'members' || conversation.kind === 'group')
  const toggle = (panel: Panel) =>
    router.go(withPanel(route, open === panel ? undefined : panel), { replace: open !== undefined })
  return (
    <header class="conversation-header">
      <BackButton />
      <ConversationAvatar conversation={conversation} name={name} />
      <div class="conversation-about">
        <h1 id={id} class="conversation-title" tabIndex={-1} dir="auto">
          {name}
        </h1>
        <Underline conversation={conversation} />
      </div>
      <div class="conversation-panels" role="group" aria-label={t('conversations.beside')}>
        {panels.map(({ panel, icon, label }) => (
          <IconButton
            key={panel}
            icon={icon}
            label={t(label)}
            pressed={open === panel}
            onClick={() => toggle(panel)}
          />
        ))}
      </div>
      <ConversationMenu
        conversation={conversation}
        panels={panels.map(({ panel, icon, label }) => ({
          label: t(label),
          icon,
          narrow: true,
          run: () => toggle(panel)
        }))}
      />
    </header>
  )
}

/** Who is writing; else whether the other one is here, or how many there are. */
function Underline({ conversation }: { conversation: Conversation }) {
  const { client } = useCenter()
  const { t } = useStrings()
  const { id, peer, kind, member_count } = conversation
  const writing = useStore(useMemo(() => typingStore(client, id), [client, id]))
  return (
    <p class={`conversation-underline${writing.length > 0 ? ' conversation-typing' : ''}`}>
      {writing.length > 0 ? (
        <TypingText ids={writing} />
      ) : peer ? (
        <PeerPresence peer={peer} />
      ) : (
        kind === 'group' && t('conversations.members', { n: member_count })
      )}
    </p>
  )
}

function PeerPresence({ peer }: { peer: User }) {
  const { presenceOf } = useCenter()
  const strings = useStrings()
  const presence = useStore(presenceOf(peer.id))
  return (
    <>
      <bdi>@{peer.username}</bdi>
      {presence && ` · ${lastSeenText(presence, strings)}`}
    </>
  )
}
