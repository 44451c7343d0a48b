import type { Client } from '@parley/client'
import type { Conversations } from '@parley/client/stores'
import type { Store } from '@parley/client/stores'
import type { User } from '@parley/contracts'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Strings } from '../strings/strings.ts'
import type { Router } from './router.ts'

/** What every part of the messaging center works with once somebody is signed in. */
export interface Center {
  client: Client
  me: User
  router: Router
  conversations: Store<Conversations>
  /** Says something to screen readers, politely; nothing is shown. */
  announce(text: string): void
  /** Shows a passing note at the edge, and says it: what went wrong, or what can be undone. */
  notify(note: { text: string; action?: { label: string; run: () => void } }): void
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
