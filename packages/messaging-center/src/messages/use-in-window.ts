import type { Message } from '@parley/contracts'
import { useLayoutEffect, useState } from 'preact/hooks'
import { useList } from './list-context.ts'

/** A message of the list by its id, as it is now; undefined where the list does not hold it. */
export function useInWindow(id: string): Message | undefined {
  const { store } = useList()
  const find = () => {
    const { messages, root } = store.get()
    return root?.id === id ? root : messages.find((one) => one.id === id)
  }
  const [message, setMessage] = useState(find)
  useLayoutEffect(() => {
    const look = () => setMessage(find())
    look()
    return store.subscribe(look)
  }, [store, id])
  return message
}
