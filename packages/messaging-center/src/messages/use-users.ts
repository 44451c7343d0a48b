import type { User } from '@parley/contracts'
import { useLayoutEffect, useState } from 'preact/hooks'
import { useCenter } from '../app/context.ts'

const none: readonly User[] = []

/** People by their ids, as far as they are known; more of them when they are. */
export function useUsers(ids: readonly string[]): readonly User[] {
  const { userOf } = useCenter()
  const [users, setUsers] = useState(none)
  const key = ids.join(' ')
  useLayoutEffect(() => {
    if (ids.length === 0) {
      setUsers(none)
      return
    }
    const stores = ids.map(userOf)
    const look = () => setUsers(stores.flatMap((store) => store.get() ?? []))
    const offs = stores.map((store) => store.subscribe(look))
    look()
    return () => {
      for (const off of offs) off()
    }
  }, [key, userOf])
  return users
}
