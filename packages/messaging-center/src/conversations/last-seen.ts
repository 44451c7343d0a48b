import type { Presence } from '@parley/contracts'
import type { Strings } from '../strings/strings.ts'

/** Whether someone is here, or when they were last. */
export function lastSeenText({ status, last_seen_at }: Presence, { t, day, time }: Strings): string {
  if (status !== 'offline' || !last_seen_at) return t(`presence.${status}`)
  return t('people.lastSeen', { day: day(last_seen_at), time: time(last_seen_at) })
}
