import type { User } from '@parley/contracts'
import { useEffect, useState } from 'preact/hooks'
import { useCenter } from '../app/context.ts'

export interface FoundPeople {
  /** `idle`: nothing is looked for. */
  status: 'idle' | 'loading' | 'ready' | 'failed'
  /** While loading, those of the last answer. */
  users: readonly User[]
  error?: unknown
  retry(): void
}

/** Long enough not to ask for every letter, short enough not to be waited for. */
const DEBOUNCE_MS = 200
const none: Omit<FoundPeople, 'retry'> = { status: 'idle', users: [] }

/** People whose name begins with this, but for oneself. */
export function usePeople(text: string): FoundPeople {
  const { client, me } = useCenter()
  const [found, setFound] = useState(none)
  const [attempt, setAttempt] = useState(0)
  const q = text.trim().replace(/^@/, '').slice(0, 100)
  useEffect(() => {
    if (!q) {
      setFound(none)
      return
    }
    const given = new AbortController()
    setFound(({ users }) => ({ status: 'loading', users }))
    const look = async () => {
      try {
        const { items } = await client.rest('GET users/', { q }, { signal: given.signal })
        setFound({ status: 'ready', users: items.filter(({ id }) => id !== me.id) })
      } catch (error) {
        if (!given.signal.aborted) setFound({ status: 'failed', users: [], error })
      }
    }
    const timer = setTimeout(() => void look(), DEBOUNCE_MS)
    return () => {
      clearTimeout(timer)
      given.abort()
    }
  }, [client, me.id, q, attempt])
  return { ...found, retry: () => setAttempt((before) => before + 1) }
}
