import { ParleyError } from '@parley/client'
import { en } from './en.ts'
import type { Key, Strings } from './strings.ts'

/** What went wrong, for people: by its code, and with the code where there are no words for it. */
export function errorText({ t }: Pick<Strings, 't'>, error: unknown): string {
  const code = error instanceof ParleyError ? error.code : 'unknown'
  return code in en.errors ? t(`errors.${code}` as Key) : t('errors.unexpected', { code })
}
