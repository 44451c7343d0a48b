/** For how long somebody can be kept out. */
export const banTerms = ['hour', 'day', 'week', 'month', 'forever', 'until'] as const
export type BanTerm = (typeof banTerms)[number]

const HOUR_MS = 3_600_000
const lengths: Partial<Record<BanTerm, number>> = {
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS
}

/** When a ban ends, null for never; undefined where `until`, a local time as `<input type="datetime-local">` has it, is none or is over. */
export function banEnd(term: BanTerm, until: string, now: Date): string | null | undefined {
  if (term === 'forever') return null
  const length = lengths[term]
  if (length !== undefined) return new Date(now.getTime() + length).toISOString()
  const end = new Date(until)
  return end.getTime() > now.getTime() ? end.toISOString() : undefined
}

/** As such a field wants it, in local time. */
export function localMinute(at: Date): string {
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}
