import { createStore, type Store } from '@parley/client/stores'

export interface Lookup<T> {
  /** What is known of it; asked for when somebody first looks. */
  of(id: string): Store<T | undefined>
  put(id: string, value: T): void
  /** What was known may be over: asks again for what is looked at, and for the rest when it is. */
  renew(): void
}

interface Entry<T> {
  store: Store<T | undefined>
  set: ((value: T) => void) | undefined
  value: T | undefined
  fresh: boolean
}

/** How many are asked for at a time. */
const AT_ONCE = 4

/** Values by id, each asked for once and then shared. One that cannot be had stays undefined until it is looked at again. */
export function createLookup<T>(ask: (id: string) => Promise<T>): Lookup<T> {
  const entries = new Map<string, Entry<T>>()
  const waiting: string[] = []
  let running = 0

  function pump(): void {
    while (running < AT_ONCE) {
      const id = waiting.shift()
      if (id === undefined) return
      // Who wanted to know has gone on.
      if (!entries.get(id)?.set) continue
      running++
      void ask(id)
        .then(
          (value) => put(id, value),
          () => undefined
        )
        .finally(() => {
          running--
          pump()
        })
    }
  }

  function want(id: string, entry: Entry<T>): void {
    if (entry.fresh || waiting.includes(id)) return
    waiting.push(id)
    pump()
  }

  function make(id: string): Entry<T> {
    const entry: Entry<T> = {
      value: undefined,
      fresh: false,
      set: undefined,
      store: createStore<T | undefined>(undefined, (set) => {
        entry.set = (value) => set(() => value)
        set(() => entry.value)
        want(id, entry)
        return () => {
          entry.set = undefined
        }
      })
    }
    entries.set(id, entry)
    return entry
  }

  function put(id: string, value: T): void {
    const entry = entries.get(id) ?? make(id)
    entry.value = value
    entry.fresh = true
    entry.set?.(value)
  }

  return {
    of: (id) => (entries.get(id) ?? make(id)).store,
    put,
    renew() {
      for (const [id, entry] of entries) {
        entry.fresh = false
        if (entry.set) want(id, entry)
      }
    }
  }
}
