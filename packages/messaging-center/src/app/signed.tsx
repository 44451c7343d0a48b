import type { Client } from '@parley/client'
import { conversationsStore } from '@parley/client/stores'
import type { Presence, User } from '@parley/contracts'
import { useEffect, useMemo } from 'preact/hooks'
import { countText, unreadTotal } from '../conversations/unread.ts'
import { type Center, CenterContext, useStrings } from './context.ts'
import { Layout } from './layout.tsx'
import { LiveRegion, useAnnouncements } from './live-region.tsx'
import { forgetNotices, Notices } from '../notifications/notices.tsx'
import { createLookup } from './lookup.ts'
import { myPresence } from './my-presence.ts'
import { Notes, useNotes } from './notes.tsx'
import type { Router } from './router.ts'
import type { Session } from './session.ts'
import { useStore } from './use-store.ts'

export interface SignedProps {
  me: User
  client: Client
  session: Session
  router: Router
  /** By the form that stood here, which had the focus. */
  came_in: boolean
}

/** What there is once somebody is signed in: what all parts work with, and the layout of them. */
export function Signed({ me, client, session, router, came_in }: SignedProps) {
  const { announcements, announce } = useAnnouncements()
  const { notes, notify, dismiss } = useNotes(announce)
  const lookups = useMemo(() => lookupsOf(client), [client])
  useEffect(() => keepFresh(client, lookups), [client, lookups])
  const center = useMemo<Center>(
    () => ({
      client,
      me,
      router,
      cookie: session.cookie,
      asks: session.asks,
      conversations: conversationsStore(client),
      myPresence: myPresence(client, me.id),
      presenceOf: lookups.presences.of,
      userOf: lookups.users.of,
      announce,
      notify,
      signOut: async () => {
        await session.signOut()
        await forgetNotices()
      }
    }),
    [client, me, session, router, lookups, announce, notify]
  )
  useTitle(center)
  return (
    <CenterContext.Provider value={center}>
      <Layout came_in={came_in} />
      <Notices />
      <Notes notes={notes} dismiss={dismiss} />
      <LiveRegion announcements={announcements} />
    </CenterContext.Provider>
  )
}

function lookupsOf(client: Client) {
  return {
    presences: createLookup<Presence>((user_id) => client.rest('GET users/{user_id}/presence/', { user_id })),
    users: createLookup<User>((user_id) => client.rest('GET users/{user_id}/', { user_id }))
  }
}

/** What was heard counts, and after a break what was known may be over. */
function keepFresh(client: Client, { presences, users }: ReturnType<typeof lookupsOf>): () => void {
  let status = client.state.status
  const offs = [
    client.on('presence', ({ user_id, status, last_seen_at }) =>
      presences.put(user_id, { user_id, status, ...(last_seen_at ? { last_seen_at } : {}) })
    ),
    client.on('message', ({ message }) => users.put(message.sender.id, message.sender)),
    client.on('state', (state) => {
      if (state.status === 'online' && status !== 'online' && status !== 'moving') presences.renew()
      status = state.status
    })
  ]
  return () => {
    for (const off of offs) off()
  }
}

/** How much is unread stands on the tab, where the page is ours. */
function useTitle({ conversations, router: { owns_page } }: Center): void {
  const strings = useStrings()
  const unread = unreadTotal(useStore(conversations).items)
  useEffect(() => {
    if (owns_page) document.title = unread > 0 ? `(${countText(unread, strings)}) Parley` : 'Parley'
  }, [owns_page, unread, strings])
  useEffect(
    () => () => {
      if (owns_page) document.title = 'Parley'
    },
    [owns_page]
  )
}
