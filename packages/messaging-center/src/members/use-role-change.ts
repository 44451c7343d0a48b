import type { Member, Role } from '@parley/contracts'
import { useCallback } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { errorText } from '../strings/error-text.ts'

/** Gives somebody another role at once, and says how it went. */
export function useRoleChange(conversation_id: string): (member: Member, role: Role) => Promise<void> {
  const { client, announce, notify } = useCenter()
  const strings = useStrings()
  return useCallback(
    async ({ user }, role) => {
      const name = user.display_name
      try {
        await client.rest('PATCH conversations/{conversation_id}/members/{user_id}/', {
          conversation_id,
          user_id: user.id,
          role
        })
        announce(strings.t('members.roleChanged', { name, role: strings.t(`members.${role}`) }))
      } catch (error) {
        notify({ text: strings.t('members.notChanged', { name, why: errorText(strings, error) }) })
      }
    },
    [client, conversation_id, announce, notify, strings]
  )
}
