import { ParleyError } from '@parley/client'
import { errorText } from '../strings/error-text.ts'
import type { Strings } from '../strings/strings.ts'

export type SignInField = 'display_name' | 'username' | 'password'

export interface FormErrors {
  fields: Partial<Record<SignInField, string>>
  /** What is wrong with none of them in particular. */
  form?: string
}

/** As the server's rules say; it has the last word, and knows the passwords that everybody tries. */
const USERNAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/
const USERNAME_LENGTH = 64
const PASSWORD_BYTES = { min: 8, max: 1_024 }

/** What can be seen to be wrong before anybody is asked. */
export function mistakesIn(
  { t }: Pick<Strings, 't'>,
  isNew: boolean,
  { username, password }: { username: string; password: string }
): FormErrors {
  const fields: FormErrors['fields'] = {}
  if (!username) fields.username = t('signIn.usernameMissing')
  else if (isNew && (!USERNAME.test(username) || username.length > USERNAME_LENGTH))
    fields.username = t('signIn.usernameRefused')
  const bytes = new TextEncoder().encode(password).length
  if (!password) fields.password = t('signIn.passwordMissing')
  else if (isNew && bytes < PASSWORD_BYTES.min) fields.password = t('settings.tooShort')
  else if (bytes > PASSWORD_BYTES.max) fields.password = t('signIn.passwordLong')
  return { fields }
}

/** What the server says is wrong, at the field that it is about. */
export function errorsOf(strings: Pick<Strings, 't'>, error: unknown): FormErrors {
  const { t } = strings
  const text = errorText(strings, error)
  if (!(error instanceof ParleyError)) return { fields: {}, form: text }
  if (error.code === 'username_taken') return { fields: { username: text } }
  const fields: FormErrors['fields'] = {}
  for (const { pointer, reason } of error.errors ?? []) {
    const field = pointer.slice(1)
    if (field === 'username') fields.username ??= t('signIn.usernameRefused')
    if (field === 'display_name') fields.display_name ??= t('signIn.displayNameRefused')
    if (field === 'password') fields.password ??= passwordText(t, reason)
  }
  return Object.keys(fields).length > 0 ? { fields } : { fields, form: text }
}

/** The reasons are the server's words, in English; of those that are known there are others. */
function passwordText(t: Strings['t'], reason: string): string {
  if (reason.includes('at least')) return t('settings.tooShort')
  if (reason.includes('at most')) return t('signIn.passwordLong')
  if (reason.includes('username')) return t('settings.isUsername')
  return reason.includes('common') ? t('settings.tooCommon') : t('settings.notTaken')
}
