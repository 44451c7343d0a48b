import type { User } from '@parley/contracts'
import { useEffect, useState } from 'preact/hooks'
import { useCenter } from '../app/context.ts'
import { activeAfter } from '../people/listbox-keys.ts'
import type * as Search from './mention-search.ts'
import { mentionAt, type MentionQuery } from './mentions.ts'

export interface MentionsInUse {
  /** Shows them, as soon as it is loaded. */
  List: typeof Search.MentionList | undefined
  /** Who may be meant; nobody: there is no list. */
  users: readonly User[]
  active: number
  setActive(index: number): void
  /** The text or the caret is another one. */
  look(text: string, caret: number): void
  close(): void
  /** What is to be written, where this key takes somebody. True: the key was for the list. */
  press(event: KeyboardEvent): User | boolean
  query: MentionQuery | undefined
}

/** The list of members under an @. */
export function useMentions(conversation_id: string): MentionsInUse {
  const { client, me } = useCenter()
  const [query, setQuery] = useState<MentionQuery>()
  /** Where the list was closed: it stays so while that name is being typed. */
  const [closed, setClosed] = useState<number>()
  const [active, setActive] = useState(0)
  const [, again] = useState(0)
  const isOpen = query !== undefined && query.start !== closed
  const search = useSearch(isOpen)
  const members = search?.mentionable(client, conversation_id)
  const users =
    isOpen && search && members
      ? search.mentioned(members.users, query.name).filter(({ id }) => id !== me.id)
      : []
  useEffect(() => {
    if (isOpen) members?.read(() => again((n) => n + 1)).catch(() => undefined)
  }, [isOpen, members])

  const at = Math.min(active, users.length - 1)
  return {
    List: search?.MentionList,
    users,
    active: at,
    setActive,
    query,
    look(text, caret) {
      const next = mentionAt(text, caret)
      if (next?.name !== query?.name || next?.start !== query?.start) setActive(0)
      if (next?.start !== closed) setClosed(undefined)
      setQuery(next)
    },
    close: () => setClosed(query?.start),
    press({ key, shiftKey, altKey, ctrlKey, metaKey }) {
      if (users.length === 0 || shiftKey || altKey || ctrlKey || metaKey) return false
      const next = activeAfter(key, at, users.length)
      if (next !== undefined) setActive(next)
      else if (key === 'Escape') setClosed(query?.start)
      else if (key === 'Enter' || key === 'Tab') return users[at] ?? false
      else return false
      return true
    }
  }
}

/** Loaded when it is first wanted. Where it does not come the name can still be written out. */
function useSearch(isWanted: boolean): typeof Search | undefined {
  const [search, setSearch] = useState<typeof Search>()
  const isMissing = isWanted && !search
  useEffect(() => {
    if (isMissing) import('./mention-search.ts').then(setSearch, () => undefined)
  }, [isMissing])
  return search
}
