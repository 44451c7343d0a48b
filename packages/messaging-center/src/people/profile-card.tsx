import type { Presence, User } from '@parley/contracts'
import { useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { useStore } from '../app/use-store.ts'
import { lastSeenText } from '../conversations/last-seen.ts'
import { Avatar } from '../design/avatar.tsx'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { errorText } from '../strings/error-text.ts'
import { blocksOf } from './blocks.ts'
import { useMessagePerson } from './use-message-person.ts'

export interface ProfileCardProps {
  user: User
  onClose(): void
}

/** Who somebody is, whether they are here, and the way to talk to them. */
export function ProfileCard({ user, onClose }: ProfileCardProps) {
  const { me, presenceOf } = useCenter()
  const { t } = useStrings()
  const presence = useStore(presenceOf(user.id))
  const self = user.id === me.id
  return (
    <Dialog title={t('people.profile')} onClose={onClose}>
      <div class="profile">
        <Avatar user={user} size="large" presence={self ? undefined : presence?.status} />
        <div class="profile-names">
          <p class="profile-name" dir="auto">
            {user.display_name}
          </p>
          <p class="profile-username">
            <bdi>@{user.username}</bdi>
          </p>
          <PresenceLine presence={self ? undefined : presence} />
        </div>
      </div>
      {self ? <p>{t('people.self')}</p> : <ProfileActions user={user} onClose={onClose} />}
    </Dialog>
  )
}

function ProfileActions({ user, onClose }: ProfileCardProps) {
  const { client, announce } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const blocks = blocksOf(client)
  const { status, users } = useStore(blocks)
  const message = useMessagePerson()
  const [busy, setBusy] = useState<'message' | 'block'>()
  const [error, setError] = useState<unknown>()
  const blocked = users.some(({ id }) => id === user.id)
  const name = user.display_name
  const open = async () => {
    setBusy('message')
    if (await message(user)) onClose()
    else setBusy(undefined)
  }
  const toggle = async () => {
    setBusy('block')
    setError(undefined)
    try {
      await (blocked ? blocks.unblock(user) : blocks.block(user))
      announce(t(blocked ? 'people.unblocked' : 'people.blocked', { name }))
    } catch (cause) {
      setError(cause)
    }
    setBusy(undefined)
  }
  return (
    <>
      {status === 'ready' && (
        <p class="profile-blocked">{t(blocked ? 'people.isBlocked' : 'people.blockMeans')}</p>
      )}
      {error !== undefined && (
        <p class="form-error" role="alert">
          {errorText(strings, error)}
        </p>
      )}
      <div class="dialog-actions">
        {status === 'ready' && (
          <Button icon="block" busy={busy === 'block'} onClick={toggle}>
            {t(blocked ? 'people.unblock' : 'people.block')}
          </Button>
        )}
        <Button look="primary" icon="message" busy={busy === 'message'} onClick={open}>
          {t('people.message')}
        </Button>
      </div>
    </>
  )
}

function PresenceLine({ presence }: { presence: Presence | undefined }) {
  const strings = useStrings()
  return presence ? <p class="profile-presence">{lastSeenText(presence, strings)}</p> : null
}
