import type { Store } from '@parley/client/stores'
import { useSyncExternalStore } from 'preact/compat'

/** A store's value; the component is drawn again when it changes. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get)
}
