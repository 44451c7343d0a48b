import type { Client } from '@parley/client'
import { createStore, type Store } from '@parley/client/stores'
import type { Presence } from '@parley/contracts'

/** By user id; whoever is not in it is offline, or hides it. */
export type Presences = ReadonlyMap<string, Presence>

/** Changes are told of in conversations up to this size; larger ones are looked at again now and then. */
const TOLD_UP_TO = 500
const LOOK_AGAIN_MS = 60_000
/** Of a very large conversation so many of those who are here are read. */
const MOST = 2_000

/** Who of a conversation's members is here. */
export function presenceStore(
  client: Client,
  { id: conversation_id, member_count }: { id: string; member_count: number }
): Store<Presences> {
  return createStore<Presences>(new Map(), (set) => {
    const over = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async () => {
      clearTimeout(timer)
      const here = new Map<string, Presence>()
      try {
        for (let cursor: string | null | undefined; cursor !== null && here.size < MOST; ) {
          const page = await client.rest(
            'GET conversations/{conversation_id}/presence/',
            { conversation_id, limit: 200, ...(cursor === undefined ? {} : { cursor }) },
            { signal: over.signal }
          )
          for (const one of page.items) here.set(one.user_id, one)
          cursor = page.next_cursor
        }
        set(() => here)
      } catch {
        // Presence is a nicety: what is not known is not shown, and the next look may tell.
      }
      if (!over.signal.aborted && member_count > TOLD_UP_TO)
        timer = setTimeout(() => void look(), LOOK_AGAIN_MS)
    }
    const offs = [
      client.on('presence', ({ type: _, ...presence }) => {
        set((before) => new Map(before).set(presence.user_id, presence))
      }),
      // After a break, what was told meanwhile was told to nobody.
      client.conversation(conversation_id).on('subscribed', () => void look())
    ]
    void look()
    return () => {
      over.abort()
      clearTimeout(timer)
      for (const off of offs) off()
    }
  })
}
