import type { Off } from '../emitter.ts'

/** A value that changes: what `useSyncExternalStore` takes. `get` gives the same object until something has changed. */
export interface Store<T> {
  get(): T
  subscribe(listener: () => void): Off
}

/** One that looks at its source only while somebody looks at it. `start` is called for the first listener, its answer after the last. */
export function createStore<T>(
  initial: T,
  start: (set: (change: (before: T) => T) => void) => Off
): Store<T> {
  let value = initial
  let stop: Off | undefined
  const listeners = new Set<() => void>()
  const set = (change: (before: T) => T) => {
    const before = value
    value = change(before)
    if (value !== before) for (const listener of Array.from(listeners)) listener()
  }
  return {
    get: () => value,
    subscribe(listener) {
      listeners.add(listener)
      stop ??= start(set)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        stop?.()
        stop = undefined
      }
    }
  }
}
