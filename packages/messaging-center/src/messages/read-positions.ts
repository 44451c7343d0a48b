import type { Client } from '@parley/client'
import { createStore, type Store } from '@parley/client/stores'
import type { Message } from '@parley/contracts'
import type { Readers } from './read-mark.tsx'

/** How far one of the others has read, and where they joined. */
export interface ReadPosition {
  read_seq: number
  joined_seq: number
}

export type ReadPositions = readonly ReadPosition[]

/** Up to so many members it is shown who has read. */
export const READERS_MAX = 20
/** Nobody tells when others read: it is asked for again, after something happened and now and then. */
const SOON_MS = 1_500
const AGAIN_MS = 15_000

/** How far the others in a small conversation have read; asked for while `isWanted` says so and the page is in view. */
export function readPositions(
  client: Client,
  conversation_id: string,
  isWanted: () => boolean
): Store<ReadPositions> {
  const nobody: ReadPositions = []
  return createStore(nobody, (set) => {
    const conversation = client.conversation(conversation_id)
    const over = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async () => {
      later(AGAIN_MS)
      if (!isWanted() || document.visibilityState !== 'visible') return
      const page = { conversation_id, limit: 2 * READERS_MAX }
      const { signal } = over
      const path = 'GET conversations/{conversation_id}/members/'
      const members = await client.rest(path, page, { signal }).catch(() => undefined)
      if (members) set(() => members.items.filter(({ user }) => user.id !== client.me?.id))
    }
    const later = (ms: number) => {
      clearTimeout(timer)
      if (!over.signal.aborted) timer = setTimeout(() => void look(), ms)
    }
    const soon = () => later(SOON_MS)
    const offs = [
      conversation.on('message', soon),
      conversation.on('member_added', soon),
      conversation.on('member_removed', soon),
      client.on('presence', soon)
    ]
    addEventListener('focus', soon)
    soon()
    return () => {
      over.abort()
      clearTimeout(timer)
      removeEventListener('focus', soon)
      for (const off of offs) off()
    }
  })
}

/**
 * How far my messages got, by their ids: of the last one, and of the last that everybody has read. Those before are read as well, and need
 * not say so.
 */
export function readersOf(
  messages: readonly Message[],
  positions: ReadPositions,
  me: string
): ReadonlyMap<string, Readers> {
  const marks = new Map<string, Readers>()
  for (const message of messages.toReversed()) {
    if (message.sender.id !== me || message.deleted_at !== null) continue
    const others = positions.filter(({ joined_seq }) => joined_seq < message.seq)
    const by = others.filter(({ read_seq }) => read_seq >= message.seq).length
    const isRead = by > 0 && by === others.length
    if (others.length > 0 && (marks.size === 0 || isRead)) marks.set(message.id, { by, of: others.length })
    if (isRead) break
  }
  return marks
}
