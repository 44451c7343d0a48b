import type { Store } from '@parley/client/stores'
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks'

/** A store's value; the component is drawn again when it changes. */
export function useStore<T>(store: Store<T>): T {
  const value = store.get()
  const shown = useRef(value)
  const [, draw] = useReducer<number, void>((times) => times + 1, 0)
  useLayoutEffect(() => {
    shown.current = value
  })
  useLayoutEffect(() => {
    const look = () => {
      if (!Object.is(store.get(), shown.current)) draw()
    }
    const off = store.subscribe(look)
    // It may have changed between being drawn and being listened to.
    look()
    return off
  }, [store])
  return value
}
