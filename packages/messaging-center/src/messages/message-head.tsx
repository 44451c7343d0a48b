import type { User } from '@parley/contracts'
import { useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { lazy } from '../app/lazy.tsx'
import { useStore } from '../app/use-store.ts'
import { Avatar } from '../design/avatar.tsx'
import { useList } from './list-context.ts'

const ProfileCard = lazy(async () => (await import('../people/profile-card.tsx')).ProfileCard)

/** Whose message it is: a press shows who that is. */
export function SenderName({ user, id, tabIndex }: { user: User; id: string; tabIndex: number }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        id={id}
        class="message-sender"
        tabIndex={tabIndex}
        title={`@${user.username}`}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <bdi>{user.display_name}</bdi>
      </button>
      {open && <ProfileCard user={user} onClose={() => setOpen(false)} />}
    </>
  )
}

/** In a conversation of two it says whether the other one is here. */
export function SenderAvatar({ user }: { user: User }) {
  const { me } = useCenter()
  const { direct } = useList()
  return direct && user.id !== me.id ? <PresentAvatar user={user} /> : <Avatar user={user} />
}

function PresentAvatar({ user }: { user: User }) {
  const { presenceOf } = useCenter()
  const presence = useStore(presenceOf(user.id))
  return <Avatar user={user} presence={presence?.status} />
}

/** The time, with the day and the seconds as its tip. */
export function MessageTime({ at, id }: { at: string; id?: string }) {
  const { time, moment } = useStrings()
  return (
    <time
      id={id}
      class="message-time"
      dateTime={at}
      // Not before somebody wants to know: there are hundreds.
      onPointerEnter={({ currentTarget }) => {
        currentTarget.title = moment(at)
      }}
    >
      {time(at)}
    </time>
  )
}
