import { ParleyError } from '@parley/client'
import type { User } from '@parley/contracts'
import { errorText } from '../strings/error-text.ts'
import type { Strings } from '../strings/strings.ts'

/** Why a conversation could not be made: somebody who is no user is one who blocked the caller, or is gone. */
export function wishErrorText(strings: Strings, error: unknown, members: readonly User[]): string {
  const pointers = error instanceof ParleyError ? (error.errors ?? []).map(({ pointer }) => pointer) : []
  for (const pointer of pointers) {
    if (pointer === '/user_id' && members[0])
      return strings.t('people.unreachable', { name: members[0].display_name })
    const index = /^\/member_ids\/(\d+)$/.exec(pointer)?.[1]
    const user = index === undefined ? undefined : members[Number(index)]
    if (user) return strings.t('people.unreachable', { name: user.display_name })
    if (pointer === '/title') return strings.t('conversations.nameRefused')
    if (pointer === '/description') return strings.t('conversations.descriptionRefused')
  }
  return errorText(strings, error)
}

/** Why a group could not be joined: one that is there no more, is private again, or has banned the caller looks the same. */
export function joinErrorText(strings: Strings, error: unknown): string {
  const closed = error instanceof ParleyError && (error.code === 'not_found' || error.code === 'banned')
  return closed ? strings.t('conversations.cannotJoin') : errorText(strings, error)
}
