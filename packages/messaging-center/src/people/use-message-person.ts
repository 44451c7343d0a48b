import type { NewConversation, User } from '@parley/contracts'
import { useCallback, useMemo } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { intentKeys } from '../app/intent-keys.ts'
import { wishErrorText } from '../conversations/conversation-errors.ts'

/** Opens the direct conversation with somebody, or says why there is none. True when it is open. */
export function useMessagePerson(): (user: User) => Promise<boolean> {
  const { client, router, notify } = useCenter()
  const strings = useStrings()
  const keyOf = useMemo(intentKeys, [])
  return useCallback(
    async (user) => {
      const wish: NewConversation = { kind: 'direct', member_ids: [user.id] }
      try {
        const { id } = await client.rest('POST conversations/', wish, { key: keyOf(wish) })
        router.go({ at: 'conversation', id })
        return true
      } catch (error) {
        notify({ text: wishErrorText(strings, error, [user]) })
        return false
      }
    },
    [client, router, notify, strings, keyOf]
  )
}
