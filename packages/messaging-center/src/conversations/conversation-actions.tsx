import type { Conversation, NewMute } from '@parley/contracts'
import { useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { lazy } from '../app/lazy.tsx'
import type { MenuItem } from '../design/menu.tsx'
import { MenuList } from '../design/menu-list.tsx'
import { mayDo } from '../members/may-do.ts'
import { errorText } from '../strings/error-text.ts'

const dialogs = {
  edit: lazy(async () => (await import('./conversation-settings.tsx')).EditConversation, { over: true }),
  leave: lazy(async () => (await import('./conversation-settings.tsx')).LeaveConversation, { over: true }),
  delete: lazy(async () => (await import('./conversation-settings.tsx')).DeleteConversation, { over: true })
}
const ProfileCard = lazy(async () => (await import('../people/profile-card.tsx')).ProfileCard, { over: true })

const HOUR_MS = 3_600_000

interface Props {
  conversation: Conversation
  /** What stands in the menu where there is no room for buttons. */
  panels: readonly MenuItem[]
  /** The button of the menu, while the menu is open. */
  anchor: Element | undefined
  onClose(): void
}

/** What can be done with a conversation as a whole: the menu, and what it leads to. */
export function ConversationActions({ conversation, panels, anchor, onClose }: Props) {
  const { t } = useStrings()
  const [dialog, setDialog] = useState<keyof typeof dialogs | 'profile'>()
  const close = () => setDialog(undefined)
  const mutes = useMutes(conversation)
  const { peer } = conversation
  const about: MenuItem[] = peer
    ? [{ label: t('people.profile'), icon: 'person', apart: true, run: () => setDialog('profile') }]
    : []
  if (mayDo('edit', conversation))
    about.push({ label: t('conversations.edit'), icon: 'edit', apart: true, run: () => setDialog('edit') })
  if (mayDo('leave', conversation))
    about.push({
      label: t('conversations.leave'),
      icon: 'sign-out',
      apart: about.length === 0,
      run: () => setDialog('leave')
    })
  if (mayDo('delete', conversation))
    about.push({
      label: t('conversations.deleteGroup'),
      icon: 'delete',
      danger: true,
      run: () => setDialog('delete')
    })
  const Dialog = dialog && dialog !== 'profile' ? dialogs[dialog] : undefined
  return (
    <>
      {anchor && (
        <MenuList
          label={t('conversations.menu')}
          anchor={anchor}
          items={[...panels, ...mutes, ...about]}
          onClose={onClose}
        />
      )}
      {Dialog && <Dialog conversation={conversation} onClose={close} />}
      {dialog === 'profile' && peer && <ProfileCard user={peer} onClose={close} />}
    </>
  )
}

/** Be notified of nothing, or of mentions only; or of everything again. */
function useMutes({ id: conversation_id, mute }: Conversation): MenuItem[] {
  const { client, conversations, announce, notify } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const after = async (request: Promise<unknown>, text: string) => {
    try {
      await request
      await conversations.refresh(conversation_id)
      announce(text)
    } catch (error) {
      notify({ text: errorText(strings, error) })
    }
  }
  const set = (wish: NewMute) =>
    after(
      client.rest(
        'PUT conversations/{conversation_id}/mute/',
        { conversation_id, ...wish },
        { key: crypto.randomUUID() }
      ),
      t('conversations.nowMuted')
    )
  const unset = () =>
    after(
      client.rest('DELETE conversations/{conversation_id}/mute/', { conversation_id }),
      t('conversations.nowUnmuted')
    )
  if (mute) {
    const { keep, until } = mute
    const hint = until ? ` (${t('conversations.mutedUntil', { time: whenText(until, strings) })})` : ''
    const other: NewMute = { keep: keep === 'nothing' ? 'mentions' : 'nothing', until }
    return [
      { label: t('conversations.unmute') + hint, icon: 'bell', apart: true, run: () => void unset() },
      {
        label: t(keep === 'nothing' ? 'conversations.muteMentions' : 'conversations.muteMore'),
        icon: keep === 'nothing' ? 'mention' : 'bell-off',
        run: () => void set(other)
      }
    ]
  }
  const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString()
  return [
    {
      label: t('conversations.muteMentions'),
      icon: 'mention',
      apart: true,
      run: () => void set({ keep: 'mentions' })
    },
    { label: t('conversations.muteHour'), icon: 'bell-off', run: () => void set({ until: inHours(1) }) },
    { label: t('conversations.muteDay'), icon: 'bell-off', run: () => void set({ until: inHours(24) }) },
    { label: t('conversations.muteForGood'), icon: 'bell-off', run: () => void set({}) }
  ]
}

function whenText(at: string, { day, time }: Pick<ReturnType<typeof useStrings>, 'day' | 'time'>): string {
  const isToday = new Date(at).toDateString() === new Date().toDateString()
  return isToday ? time(at) : `${day(at)}, ${time(at)}`
}
