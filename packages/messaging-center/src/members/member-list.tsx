import type { Conversation, Member, Presence } from '@parley/contracts'
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { LoadMore } from '../app/load-more.tsx'
import { useDebounced } from '../app/use-debounced.ts'
import { useStore } from '../app/use-store.ts'
import { SearchField } from '../design/search-field.tsx'
import { Spinner } from '../design/spinner.tsx'
import { ErrorState } from '../design/states.tsx'
import { bestFit } from '../people/name-match.ts'
import { ProfileCard } from '../people/profile-card.tsx'
import { useMessagePerson } from '../people/use-message-person.ts'
import { type Asking, MemberDialog } from './member-dialogs.tsx'
import { type MemberDeed, MemberRow } from './member-row.tsx'
import { membersStore } from './members-store.ts'
import { presenceStore } from './presence-store.ts'
import { useRoleChange } from './use-role-change.ts'

/** A list that one sees the whole of needs no filter. */
const FILTER_FROM = 8
/** So many are drawn at first, and again each time one comes to their end. */
const DRAWN = 100

/** The members, as far as one has scrolled; all of them while one looks for somebody. */
export function MemberList({ conversation }: { conversation: Conversation }) {
  const { client, me, announce } = useCenter()
  const { t } = useStrings()
  const { id, kind, role, member_count } = conversation
  const large = member_count > 500
  const store = useMemo(() => membersStore(client, id), [client, id])
  const presence = useMemo(() => presenceStore(client, { id, member_count }), [client, id, large])
  const { status, items, more, error } = useStore(store)
  const here = useStore(presence)
  const message = useMessagePerson()
  const changeRole = useRoleChange(id)
  const [text, setText] = useState('')
  const filter = useDebounced(text.trim(), 120)
  const [room, setRoom] = useState(DRAWN)
  const [shown, setShown] = useState<Member>()
  const [asking, setAsking] = useState<Asking>()

  useEffect(() => setRoom(DRAWN), [filter])
  useEffect(() => {
    if (filter && more === 'there') store.loadMore()
  }, [filter, more, store])
  const found = useMemo(
    () =>
      filter
        ? items.filter(
            ({ user }) => bestFit(filter.replace(/^@/, ''), [user.display_name, user.username]) > 0
          )
        : items,
    [items, filter]
  )
  useEffect(() => {
    if (filter && more === 'none') announce(t('people.found', { n: found.length }))
  }, [filter, more])

  const onDeed = useCallback(
    (deed: MemberDeed, member: Member) => {
      const self = member.user.id === me.id
      if (deed === 'message') void message(member.user)
      else if (deed === 'remove' || deed === 'ban' || deed === 'hand-over') setAsking({ deed, member })
      else if (self)
        setAsking({ deed: 'step-down', member, role: deed === 'make-admin' ? 'admin' : 'member' })
      else
        void changeRole(member, deed === 'make-owner' ? 'owner' : deed === 'make-admin' ? 'admin' : 'member')
    },
    [message, changeRole, me.id]
  )
  if (status === 'loading') return <Spinner label={t('common.loading')} />
  if (status === 'failed') return <ErrorState error={error} retry={store.loadMore} />
  const searching = filter !== '' && more !== 'none' && more !== 'failed'
  const online = Array.from(here.values()).filter((one) => one.status === 'online').length
  return (
    <>
      <p class="member-count">
        {t('conversations.members', { n: member_count })}
        {online > 0 && ` · ${t('members.online', { n: online })}`}
      </p>
      {member_count >= FILTER_FROM && (
        <SearchField label={t('members.filter')} text={text} onText={setText} />
      )}
      <ul class="member-list" aria-busy={searching}>
        {found.slice(0, room).map((member) => (
          <MemberRow
            key={member.user.id}
            kind={kind}
            role={role}
            member={member}
            presence={shownPresence(here.get(member.user.id)?.status)}
            onOpen={setShown}
            onDeed={onDeed}
          />
        ))}
      </ul>
      {searching && (
        <p class="member-searching">
          <Spinner /> {t('members.searching', { n: items.length, all: member_count })}
        </p>
      )}
      {filter && !searching && found.length === 0 && <p class="member-none">{t('members.noneFound')}</p>}
      {room < found.length ? (
        <LoadMore key={room} pages={{ more: 'there' }} loadMore={() => setRoom(room + DRAWN)} />
      ) : (
        (!filter || more === 'failed') && <LoadMore pages={{ more, error }} loadMore={store.loadMore} />
      )}
      {shown && <ProfileCard user={shown.user} onClose={() => setShown(undefined)} />}
      {asking && (
        <MemberDialog conversation={conversation} asking={asking} onClose={() => setAsking(undefined)} />
      )}
    </>
  )
}

/** Who is not here has no mark: in a long list that is most. */
function shownPresence(status: Presence['status'] | undefined) {
  return status === 'offline' ? undefined : status
}
