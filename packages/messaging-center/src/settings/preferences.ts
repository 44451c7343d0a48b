import type { Store } from '@parley/client/stores'

export const appearances = ['system', 'light', 'dark'] as const
export type Appearance = (typeof appearances)[number]

/** What somebody chose for this browser. */
export interface Preferences {
  appearance: Appearance
  /** A tag of the catalogue's, or `system`: as the element and the browser say. */
  language: string
}

export interface PreferencesStore extends Store<Preferences> {
  set(change: Partial<Preferences>): void
}

const KEY = 'parley-preferences'
const initial: Preferences = { appearance: 'system', language: 'system' }

/** What was kept, as far as it is still understood. */
export function parsePreferences(text: string | null): Preferences {
  let kept: unknown
  try {
    kept = JSON.parse(text ?? '{}')
  } catch {
    return initial
  }
  const { appearance, language } = Object(kept) as Record<string, unknown>
  return {
    appearance: appearances.find((one) => one === appearance) ?? initial.appearance,
    language: typeof language === 'string' ? language : initial.language
  }
}

/** Kept in the browser where it lets us, and the same in all its tabs. */
export const preferences: PreferencesStore = createPreferences()

function createPreferences(): PreferencesStore {
  let value = parsePreferences(read())
  const listeners = new Set<() => void>()
  const take = (next: Preferences) => {
    if (next.appearance === value.appearance && next.language === value.language) return
    value = next
    for (const listener of Array.from(listeners)) listener()
  }
  const heard = (event: StorageEvent) => {
    if (event.key === KEY) take(parsePreferences(event.newValue))
  }
  return {
    get: () => value,
    subscribe(listener) {
      if (listeners.size === 0) globalThis.addEventListener('storage', heard)
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) globalThis.removeEventListener('storage', heard)
      }
    },
    set(change) {
      take({ ...value, ...change })
      try {
        localStorage.setItem(KEY, JSON.stringify(value))
      } catch {
        // Storage is off or full: it holds until the page is left.
      }
    }
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}
