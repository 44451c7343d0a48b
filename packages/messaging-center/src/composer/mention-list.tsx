import type { User } from '@parley/contracts'
import { useEffect, useRef } from 'preact/hooks'
import { useStrings } from '../app/context.ts'
import { Avatar } from '../design/avatar.tsx'

interface Props {
  id: string
  users: readonly User[]
  active: number
  onActive(index: number): void
  onChoose(user: User): void
}

/** Who may be mentioned; the focus stays in the text. */
export function MentionList({ id, users, active, onActive, onChoose }: Props) {
  const { t } = useStrings()
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => list.current?.children[active]?.scrollIntoView({ block: 'nearest' }), [active])
  return (
    <ul ref={list} id={id} class="composer-mentions" role="listbox" aria-label={t('composer.mentionable')}>
      {users.map((user, index) => (
        <li
          key={user.id}
          id={`${id}-${index}`}
          class="composer-mention"
          role="option"
          aria-selected={index === active}
          onPointerMove={() => onActive(index)}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(user)}
        >
          <Avatar user={user} size="small" />
          <span class="composer-mention-name" dir="auto">
            {user.display_name}
          </span>
          <bdi class="composer-mention-username">@{user.username}</bdi>
        </li>
      ))}
    </ul>
  )
}
