import type { Client } from '@parley/client'
import type { ConversationsStore, Store } from '@parley/client/stores'
import type { Presence, User } from '@parley/contracts'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Strings } from '../strings/strings.ts'
import type { MyPresenceStore } from './my-presence.ts'
import type { Router } from './router.ts'

/** A passing note: what went wrong, or what can be undone. */
export interface Note {
  text: string
  action?: { label: string; run: () => void }
}

/** What every part of the messaging center works with once somebody is signed in. */
export interface Center {
  client: Client
  me: User
  router: Router
  /** The session is a cookie of the page's own origin: the browser loads files by itself. */
  cookie: boolean
  /** People sign in here, so their password and their sessions are a matter of this place. */
  asks: boolean
  conversations: ConversationsStore
  /** Whether I am online or away, and seem to be. */
  myPresence: MyPresenceStore
  /** Whether one person is here, or when they were last; asked for when it is first shown, and kept up to date. */
  presenceOf(user_id: string): Store<Presence | undefined>
  /** One person by id, asked for once. */
  userOf(user_id: string): Store<User | undefined>
  /** Says something to screen readers, politely; nothing is shown. */
  announce(text: string): void
  /** Shows a passing note at the edge, and says it. */
  notify(note: Note): void
  /** Rejects where the server cannot be told: one is signed in still. What waits to be sent is given up. */
  signOut(): Promise<void>
}

export const CenterContext = createContext<Center | undefined>(undefined)

export function useCenter(): Center {
  const center = useContext(CenterContext)
  if (!center) throw new Error('outside the messaging center')
  return center
}

export const StringsContext = createContext<Strings | undefined>(undefined)

export function useStrings(): Strings {
  const strings = useContext(StringsContext)
  if (!strings) throw new Error('without a language')
  return strings
}
