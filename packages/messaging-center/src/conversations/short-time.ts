import type { Strings } from '../strings/strings.ts'

const formats = new Map<string, Record<'weekday' | 'date' | 'year', Intl.DateTimeFormat>>()

/** When something was, as short as it is clear: the time, yesterday, the weekday, the date. */
export function shortTime(
  at: string,
  strings: Pick<Strings, 'language' | 'time' | 'day'>,
  now = new Date()
): string {
  const then = new Date(at)
  const days = Math.round((dayOf(now) - dayOf(then)) / 86_400_000)
  if (days <= 0) return strings.time(then)
  if (days === 1) return strings.day(then)
  const { weekday, date, year } = formatsOf(strings.language)
  if (days < 7) return weekday.format(then)
  return (then.getFullYear() === now.getFullYear() ? date : year).format(then)
}

function formatsOf(language: string) {
  let found = formats.get(language)
  if (!found) {
    found = {
      weekday: new Intl.DateTimeFormat(language, { weekday: 'short' }),
      date: new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' }),
      year: new Intl.DateTimeFormat(language, { dateStyle: 'short' })
    }
    formats.set(language, found)
  }
  return found
}

const dayOf = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()
