import type { Store } from '@parley/client/stores'

/** What was chosen about notifications in this browser. */
export interface NoticeChoices {
  sound: boolean
  /** The user whom this browser notifies; anybody else who signs in here has to ask for it. */
  push_of?: string
}

export interface NoticeChoicesStore extends Store<NoticeChoices> {
  set(choices: NoticeChoices): void
}

const KEY = 'parley-notifications'

/** Kept in the browser where it lets us, and the same in all its tabs. */
export const noticeChoices: NoticeChoicesStore = createChoices()

function createChoices(): NoticeChoicesStore {
  let value = parseChoices(read())
  const listeners = new Set<() => void>()
  const take = (next: NoticeChoices) => {
    value = next
    for (const listener of Array.from(listeners)) listener()
  }
  globalThis.addEventListener?.('storage', ({ key, newValue }) => {
    if (key === KEY) take(parseChoices(newValue))
  })
  return {
    get: () => value,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    set(choices) {
      take(choices)
      try {
        localStorage.setItem(KEY, JSON.stringify(choices))
      } catch {
        // Storage is off or full: it holds until the page is left.
      }
    }
  }
}

/** What was kept, as far as it is still understood. */
export function parseChoices(text: string | null): NoticeChoices {
  try {
    const { sound, push_of } = Object(JSON.parse(text ?? '{}')) as Record<string, unknown>
    return { sound: sound === true, ...(typeof push_of === 'string' ? { push_of } : {}) }
  } catch {
    return { sound: false }
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}
