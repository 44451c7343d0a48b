import type { Client } from '@parley/client'
import { createStore, type Store } from '@parley/client/stores'
import type { Member } from '@parley/contracts'

export interface Members {
  status: 'loading' | 'ready' | 'failed'
  /** In the order in which they joined, as far as they have been read. */
  items: readonly Member[]
  more: 'none' | 'there' | 'loading' | 'failed'
  error?: unknown
}

export interface MembersStore extends Store<Members> {
  /** Reads on; the beginning again after it failed. */
  loadMore(): void
}

const FIRST_PAGE = 100
/** Whoever scrolls or searches wants many. */
const PAGE = 200

/** A conversation's members: pages as they are asked for, and what changes meanwhile. */
export function membersStore(client: Client, conversation_id: string): MembersStore {
  let cursor: string | undefined
  let reading = false
  let apply: (change: (before: Members) => Members) => void = () => undefined
  // What frames told is newer than any page: one that was read before must not bring it back.
  let told = new Map<string, Member | { gone: number }>()

  const read = async (mine: typeof apply) => {
    if (reading) return
    reading = true
    mine((now) => (now.status === 'ready' ? { ...now, more: 'loading' } : { ...now, status: 'loading' }))
    try {
      const page = await client.rest('GET conversations/{conversation_id}/members/', {
        conversation_id,
        ...(cursor === undefined ? { limit: FIRST_PAGE } : { limit: PAGE, cursor })
      })
      if (mine !== apply) return
      cursor = page.next_cursor ?? undefined
      mine(({ items }) => ({
        status: 'ready',
        items: withPage(items, page.items, told),
        more: page.next_cursor === null ? 'none' : 'there'
      }))
    } catch (error) {
      if (mine !== apply) return
      mine((now) => ({
        ...now,
        error,
        ...(now.status === 'ready' ? { more: 'failed' } : { status: 'failed' })
      }))
    } finally {
      if (mine === apply) reading = false
    }
  }

  const store = createStore<Members>({ status: 'loading', items: [], more: 'none' }, (set) => {
    const here = client.conversation(conversation_id)
    cursor = undefined
    reading = false
    told = new Map()
    // Another one each time: an answer that comes after the last listener has left belongs to nobody.
    const mine: typeof apply = (change) => set(change)
    apply = mine
    mine(() => ({ status: 'loading', items: [], more: 'none' }))
    const offs = [
      here.on('member_added', ({ member }) => {
        told.set(member.user.id, member)
        // Whoever is new comes at the end, which is not there before everything is.
        mine((now) => (now.more === 'none' ? { ...now, items: put(now.items, member) } : now))
      }),
      here.on('member_changed', ({ member }) => {
        told.set(member.user.id, member)
        mine((now) => ({ ...now, items: replace(now.items, member) }))
      }),
      here.on('member_removed', ({ user_id, seq }) => {
        told.set(user_id, { gone: seq })
        mine((now) => ({ ...now, items: now.items.filter(({ user }) => user.id !== user_id) }))
      })
    ]
    void read(mine)
    return () => {
      apply = () => undefined
      for (const off of offs) off()
    }
  })
  return { ...store, loadMore: () => void read(apply) }
}

/** A page after what there is: nobody twice, and everybody as the frames have told. */
export function withPage(
  before: readonly Member[],
  page: readonly Member[],
  told: ReadonlyMap<string, Member | { gone: number }>
): readonly Member[] {
  const known = new Set(before.map(({ user }) => user.id))
  const fresh = page.flatMap((member) => {
    const news = told.get(member.user.id)
    if (known.has(member.user.id)) return []
    if (!news) return [member]
    if ('gone' in news) return member.joined_seq > news.gone ? [member] : []
    return [news]
  })
  return [...before, ...fresh]
}

const put = (items: readonly Member[], member: Member) => [
  ...items.filter(({ user }) => user.id !== member.user.id),
  member
]

const replace = (items: readonly Member[], member: Member) =>
  items.map((one) => (one.user.id === member.user.id ? member : one))
