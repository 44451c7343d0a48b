import { ParleyError } from '@parley/client'
import { en } from './en.ts'
import type { Key, Strings } from './strings.ts'

/** What went wrong, for people: by its code, and with the code where there are no words for it. */
export function errorText({ t }: Pick<Strings, 't'>, error: unknown): string {
  if (!(error instanceof ParleyError)) return t('errors.unexpected', { code: 'unknown' })
  const { code, retry_after_ms = 1_000 } = error
  const n = Math.max(1, Math.ceil(retry_after_ms / 1_000))
  return Object.hasOwn(en.errors, code) ? t(`errors.${code}` as Key, { n }) : t('errors.unexpected', { code })
}
