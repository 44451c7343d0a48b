import type { Conversation } from '@parley/contracts'
import { useMemo, useState } from 'preact/hooks'
import { nameOf } from '../conversations/conversation-name.ts'
import { Avatar } from '../design/avatar.tsx'
import { Dialog } from '../design/dialog.tsx'
import { Spinner } from '../design/spinner.tsx'
import { Combobox } from '../people/combobox.tsx'
import { bestFit } from '../people/name-match.ts'
import { useCenter, useStrings } from './context.ts'
import { useStore } from './use-store.ts'

/** So many are offered; more words find the others. */
const SHOWN = 20

/** Jumps to a conversation by its name: who fits best comes first, then who was active last. */
export function QuickSwitch({ onClose }: { onClose: () => void }) {
  const { conversations, router } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const { status, items } = useStore(conversations)
  const [text, setText] = useState('')
  const found = useMemo(() => bestOf(items, text, (one) => namesOf(one, strings)), [items, text, strings])
  const open = ({ id }: Conversation) => {
    onClose()
    router.go({ at: 'conversation', id })
  }
  return (
    <Dialog title={t('quickSwitch.title')} onClose={onClose}>
      <Combobox
        label={t('quickSwitch.label')}
        listLabel={t('quickSwitch.list')}
        autofocus
        text={text}
        onText={setText}
        options={found}
        idOf={({ id }) => id}
        onChoose={open}
        below={
          status === 'loading' ? (
            <Spinner label={t('common.loading')} />
          ) : (
            <p class="combobox-note">{t('quickSwitch.none')}</p>
          )
        }
      >
        {(conversation) => <Line conversation={conversation} />}
      </Combobox>
    </Dialog>
  )
}

function Line({ conversation }: { conversation: Conversation }) {
  const strings = useStrings()
  const { id, kind, peer, unread_count, title } = conversation
  const name = nameOf(conversation, strings)
  return (
    <>
      <Avatar user={peer ?? { id, display_name: title ?? '' }} size="small" group={kind === 'group'} />
      <span class="person-names">
        <span class="person-name" dir="auto">
          {name}
        </span>
        {peer && (
          <span class="person-username">
            <bdi>@{peer.username}</bdi>
          </span>
        )}
      </span>
      {unread_count > 0 && (
        <span class="person-note">{strings.t('quickSwitch.unread', { n: unread_count })}</span>
      )}
    </>
  )
}

function namesOf(conversation: Conversation, strings: ReturnType<typeof useStrings>): string[] {
  const { peer } = conversation
  return [nameOf(conversation, strings), ...(peer ? [peer.username] : [])]
}

/** In their own order where they fit equally well. */
function bestOf<T>(items: readonly T[], text: string, names: (item: T) => readonly string[]): readonly T[] {
  return items
    .map((item) => ({ item, fits: bestFit(text.replace(/^[@#]/, ''), names(item)) }))
    .filter(({ fits }) => fits > 0)
    .toSorted((one, other) => other.fits - one.fits)
    .slice(0, SHOWN)
    .map(({ item }) => item)
}
