import type { User } from '@parley/contracts'
import { useEffect, useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { Avatar } from '../design/avatar.tsx'
import { Icon } from '../design/icon.tsx'
import { ErrorState } from '../design/states.tsx'
import { Combobox } from './combobox.tsx'
import { usePeople } from './use-people.ts'

export interface PersonPickerProps {
  label: string
  onChoose(user: User): void
  /** With it several can be chosen, and are shown as chips. */
  chosen?: readonly User[]
  onRemove?(user: User): void
  /** Why somebody cannot be chosen. */
  unfit?(user: User): string | undefined
  autofocus?: boolean
}

/** Finds people by their names. */
export function PersonPicker({
  label,
  onChoose,
  chosen,
  onRemove,
  unfit,
  autofocus = false
}: PersonPickerProps) {
  const { announce } = useCenter()
  const { t } = useStrings()
  const [text, setText] = useState('')
  const found = usePeople(text)
  const options = found.users.filter(({ id }) => !chosen?.some((one) => one.id === id))
  const count = found.status === 'ready' ? options.length : undefined
  useEffect(() => {
    if (count !== undefined) announce(t('people.found', { n: count }))
  }, [count, text])
  const choose = (user: User) => {
    if (chosen) {
      setText('')
      announce(t('people.chosen', { name: user.display_name }))
    }
    onChoose(user)
  }
  const remove = (user: User) => {
    announce(t('people.unchosen', { name: user.display_name }))
    onRemove?.(user)
  }
  return (
    <Combobox
      label={label}
      listLabel={t('people.title')}
      placeholder={t('people.placeholder')}
      autofocus={autofocus}
      text={text}
      onText={setText}
      options={options}
      idOf={({ id }) => id}
      onChoose={choose}
      disabledReason={(user) => unfit?.(user)}
      onBackspace={() => {
        const last = chosen?.at(-1)
        if (last) remove(last)
      }}
      several={chosen !== undefined}
      chosen={chosen && chosen.length > 0 && <Chips users={chosen} onRemove={remove} />}
      below={<Nothing found={found} text={text} />}
    >
      {(user) => <PersonLine user={user} note={unfit?.(user)} />}
    </Combobox>
  )
}

/** Somebody in one line: who they are, and how they are called by others. */
export function PersonLine({ user, note }: { user: User; note?: string | undefined }) {
  return (
    <>
      <Avatar user={user} size="small" />
      <span class="person-names">
        <span class="person-name" dir="auto">
          {user.display_name}
        </span>
        <span class="person-username">
          <bdi>@{user.username}</bdi>
        </span>
      </span>
      {note && <span class="person-note">{note}</span>}
    </>
  )
}

function Chips({ users, onRemove }: { users: readonly User[]; onRemove(user: User): void }) {
  const { t } = useStrings()
  return (
    <ul class="person-chips" aria-label={t('people.chosenList')}>
      {users.map((user) => (
        <li key={user.id} class="chip">
          <span class="person-name" dir="auto">
            {user.display_name}
          </span>
          <button
            type="button"
            class="chip-remove"
            aria-label={t('people.remove', { name: user.display_name })}
            onClick={(event) => {
              event.currentTarget.closest('.combobox')?.querySelector('input')?.focus()
              onRemove(user)
            }}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  )
}

function Nothing({ found, text }: { found: ReturnType<typeof usePeople>; text: string }) {
  const { t } = useStrings()
  if (found.status === 'failed') return <ErrorState error={found.error} retry={found.retry} />
  const words =
    found.status === 'idle'
      ? t('people.hint')
      : found.status === 'loading'
        ? t('common.loading')
        : t('people.nobody', { text: text.trim() })
  return <p class="combobox-note">{words}</p>
}
