import type { FirstTexts, Key, LaterTexts, Text } from './catalogue.ts'
import { en } from './en.ts'

interface Language {
  first(): Promise<FirstTexts>
  later(): Promise<LaterTexts>
}

/** By their tag. Another language is two other files of the catalogue's shape, and a line here. */
const sources: Record<string, Language> = {
  en: {
    first: () => Promise.resolve(en),
    later: async () => (await import('./en-later.ts')).later
  },
  de: {
    first: async () => (await import('./de.ts')).de,
    later: async () => (await import('./de-later.ts')).later
  }
}
export const languages = Object.keys(sources)

type Sections = Record<string, Record<string, Text>>

/** What there is already, by language. */
const first: Record<string, Sections> = { en }
const later: Record<string, Sections> = {}
/** Languages in use. */
const spoken = new Set<string>()
/** Parts that are loaded when they are first shown are there, or on their way. */
let isLaterWanted = false

export const isLoaded = (language: string) => language in first

export function textOf(language: string, key: Key): Text {
  const [section = '', name = ''] = key.split('.')
  return first[language]?.[section]?.[name] ?? later[language]?.[section]?.[name] ?? key
}

/** It is in use from now on. */
export function speak(language: string): void {
  spoken.add(language)
}

/** The texts of what is there. Rejects where they cannot be had. */
export async function loadTexts(language: string): Promise<void> {
  speak(language)
  try {
    await Promise.all([loadFirst(language), isLaterWanted && loadLater(language)])
  } catch (error) {
    spoken.delete(language)
    throw error
  }
}

/** The texts of all parts that are loaded when they are first shown. Rejects where they cannot be had, and can be asked again. */
export async function laterTexts(): Promise<void> {
  isLaterWanted = true
  await Promise.all(Array.from(spoken, loadLater))
}

async function loadFirst(language: string): Promise<void> {
  const texts = await sources[language]?.first()
  if (texts) first[language] = texts
}

async function loadLater(language: string): Promise<void> {
  const texts = later[language] ?? (await sources[language]?.later())
  if (texts) later[language] = texts
}
