import type { Client } from '@parley/client'
import { createStore, type Store } from '@parley/client/stores'
import type { User } from '@parley/contracts'

export interface Blocks {
  status: 'loading' | 'ready' | 'failed'
  users: readonly User[]
  error?: unknown
}

export interface BlocksStore extends Store<Blocks> {
  block(user: User): Promise<void>
  unblock(user: User): Promise<void>
  reload(): void
}

const stores = new WeakMap<Client, BlocksStore>()

/** Whom one blocked; the same for everything that shows it. */
export function blocksOf(client: Client): BlocksStore {
  const known = stores.get(client) ?? blocksStore(client)
  stores.set(client, known)
  return known
}

function blocksStore(client: Client): BlocksStore {
  let set: (change: (before: Blocks) => Blocks) => void = () => undefined
  const load = async () => {
    set((now) => (now.status === 'ready' ? now : { ...now, status: 'loading' }))
    try {
      const users: User[] = []
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await client.rest('GET blocks/', {
          limit: 200,
          ...(cursor === undefined ? {} : { cursor })
        })
        users.push(...page.items)
        cursor = page.next_cursor
      }
      set(() => ({ status: 'ready', users }))
    } catch (error) {
      set((now) => ({ ...now, status: 'failed', error }))
    }
  }
  const store = createStore<Blocks>({ status: 'loading', users: [] }, (change) => {
    set = change
    void load()
    return () => {
      set = () => undefined
    }
  })
  const others = (users: readonly User[], { id }: User) => users.filter((one) => one.id !== id)
  return {
    ...store,
    reload: () => void load(),
    async block(user) {
      await client.rest('PUT blocks/{user_id}/', { user_id: user.id })
      set((now) => ({ ...now, users: [...others(now.users, user), user] }))
    },
    async unblock(user) {
      await client.rest('DELETE blocks/{user_id}/', { user_id: user.id })
      set((now) => ({ ...now, users: others(now.users, user) }))
    }
  }
}
