import { useStrings } from '../app/context.ts'
import { Icon } from './icon.tsx'
import { hueOf, initialsOf } from './initials.ts'

export interface AvatarProps {
  /** Anything with an id, which gives the colour, and a name, which gives the letters. */
  user: { id: string; display_name: string }
  size?: 'small' | 'large'
  presence?: 'online' | 'away' | 'offline' | undefined
  /** A group has corners, and where it has no name a picture. */
  group?: boolean
}

/** Stands beside the name, so its letters are not read out; its presence is. */
export function Avatar({ user, size, presence, group = false }: AvatarProps) {
  const { t } = useStrings()
  const initials = initialsOf(user.display_name)
  return (
    <span class={`avatar${size ? ` avatar-${size}` : ''}${group ? ' avatar-group' : ''}`}>
      <span class="avatar-face" style={{ '--hue': hueOf(user.id) }} aria-hidden="true">
        {initials || <Icon name={group ? 'group' : 'person'} />}
      </span>
      {presence && (
        <span class={`presence presence-${presence}`}>
          <span class="unseen">{t(`presence.${presence}`)}</span>
        </span>
      )}
    </span>
  )
}
