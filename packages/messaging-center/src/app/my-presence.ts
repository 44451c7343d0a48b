import type { Client } from '@parley/client'
import { createStore, type Store } from '@parley/client/stores'

export interface MyPresence {
  /** As I want to seem to be while I am here. */
  chosen: 'online' | 'away'
  /** As I do: offline without a connection. */
  shown: 'online' | 'away' | 'offline'
}

export interface MyPresenceStore extends Store<MyPresence> {
  choose(status: MyPresence['chosen']): void
}

/** Whether I am online or away in this browser. Each connection begins as online, so it is said again over each. */
export function myPresence(client: Client, user_id: string): MyPresenceStore {
  const key = `parley-away ${user_id}`
  let set: (change: (before: MyPresence) => MyPresence) => void = () => undefined
  const now = (): MyPresence => {
    const { status } = client.state
    const chosen = read(key)
    return { chosen, shown: status === 'online' || status === 'moving' ? chosen : 'offline' }
  }
  const look = () =>
    set((before) => {
      const after = now()
      return before.chosen === after.chosen && before.shown === after.shown ? before : after
    })
  const store = createStore<MyPresence>(now(), (setter) => {
    set = setter
    let status = client.state.status
    const off = client.on('state', (state) => {
      const opened = state.status === 'online' && status !== 'online'
      status = state.status
      // The tab that has the connection says it for all.
      if (opened && state.transport !== 'tab' && read(key) === 'away') client.presence('away')
      look()
    })
    const elsewhere = (event: StorageEvent) => {
      if (event.key === key) look()
    }
    addEventListener('storage', elsewhere)
    look()
    return () => {
      off()
      removeEventListener('storage', elsewhere)
    }
  })
  return {
    ...store,
    choose(chosen) {
      write(key, chosen)
      client.presence(chosen)
      look()
    }
  }
}

/** Where storage is off, what was chosen holds for the page. */
const unkept = new Map<string, MyPresence['chosen']>()

function read(key: string): MyPresence['chosen'] {
  try {
    return localStorage.getItem(key) === null ? (unkept.get(key) ?? 'online') : 'away'
  } catch {
    return unkept.get(key) ?? 'online'
  }
}

function write(key: string, chosen: MyPresence['chosen']): void {
  try {
    if (chosen === 'away') localStorage.setItem(key, '')
    else localStorage.removeItem(key)
  } catch {
    unkept.set(key, chosen)
  }
}
