import { ParleyError } from '@parley/client'
import type { Key } from '../strings/strings.ts'

export interface PasswordProblem {
  /** The field that is wrong; without one it is something else. */
  field?: 'current' | 'new'
  text?: Key
}

const reasons: [Key, RegExp][] = [
  ['settings.tooShort', /at least/],
  ['settings.tooCommon', /common/],
  ['settings.isUsername', /username/]
]

/** What is wrong before it is even sent. */
export function passwordMistake(change: { current: string; next: string }): PasswordProblem | undefined {
  if (!change.current) return { field: 'current', text: 'settings.currentMissing' }
  if (new TextEncoder().encode(change.next).length < 8) return { field: 'new', text: 'settings.tooShort' }
  return undefined
}

/** What the server says is wrong with a change of password. */
export function passwordProblem(error: unknown): PasswordProblem {
  if (!(error instanceof ParleyError)) return {}
  if (error.code === 'invalid_credentials') return { field: 'current', text: 'settings.currentWrong' }
  const wrong = error.errors?.find(({ pointer }) => pointer === '/new_password')
  if (!wrong) return {}
  const known = reasons.find(([, sign]) => sign.test(wrong.reason))
  return { field: 'new', text: known?.[0] ?? 'settings.notTaken' }
}
