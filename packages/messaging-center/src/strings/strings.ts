import { apart } from './apart.ts'
import type { Key } from './catalogue.ts'
import { isLoaded, languages, loadTexts, speak, textOf } from './texts.ts'

export type { Key } from './catalogue.ts'

export interface Strings {
  language: string
  direction: 'ltr' | 'rtl'
  /** The text in this language; `{name}` is filled in, and `n` chooses between one and other. */
  t(key: Key, values?: Record<string, string | number>): string
  number(value: number): string
  time(at: string | Date): string
  /** Today, yesterday, or the date. */
  day(at: string | Date): string
  /** The date and the time to the second. */
  moment(at: string | Date): string
  list(items: readonly string[]): string
}

/** The first of the wanted languages that there is, English otherwise. Rejects where its texts cannot be had. */
export async function loadStrings(wanted: readonly string[]): Promise<Strings> {
  await loadTexts(languageOf(wanted))
  return stringsFor(wanted)
}

/** At once: the first of the wanted languages that is loaded, English otherwise. */
export function stringsFor(wanted: readonly string[]): Strings {
  const language = languageOf(wanted, languages.filter(isLoaded))
  speak(language)
  const locale = wanted.find((tag) => tag.toLowerCase().startsWith(language)) ?? language
  const plural = new Intl.PluralRules(locale)
  const numbers = new Intl.NumberFormat(locale)
  const times = new Intl.DateTimeFormat(locale, { timeStyle: 'short' })
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'full' })
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const lists = new Intl.ListFormat(locale)
  return {
    language: locale,
    direction: 'ltr',
    t(key, values = {}) {
      const text = textOf(language, key)
      const form =
        typeof text === 'string' ? text : text[plural.select(Number(values.n)) === 'one' ? 'one' : 'other']
      return form.replaceAll(/\{(\w+)\}/g, (_all, slot: string) => {
        const value = values[slot] ?? ''
        return typeof value === 'number' ? numbers.format(value) : apart(value)
      })
    },
    number: (value) => numbers.format(value),
    time: (at) => times.format(new Date(at)),
    day(at) {
      const days = Math.round((startOfDay(new Date(at)) - startOfDay(new Date())) / 86_400_000)
      return days === 0 || days === -1 ? capital(relative.format(days, 'day')) : dates.format(new Date(at))
    },
    moment: (at) => moments.format(new Date(at)),
    list: (items) => lists.format(items.map(apart))
  }
}

export function languageOf(wanted: readonly string[], known: readonly string[] = languages): string {
  const tags = wanted.map((tag) => tag.toLowerCase().split('-')[0] ?? '')
  return tags.find((tag) => known.includes(tag)) ?? 'en'
}

const startOfDay = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()
const capital = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1)
