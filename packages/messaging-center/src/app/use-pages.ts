import { useCallback, useEffect, useRef, useState } from 'preact/hooks'

export interface Page<T> {
  items: readonly T[]
  next_cursor: string | null
}

export interface PageQuery {
  cursor?: string
  limit: number
}

export interface Pages<T> {
  /** Of the first page. */
  status: 'loading' | 'ready' | 'failed'
  items: readonly T[]
  /** There is more, which may be on its way, or have failed to come. */
  more: 'none' | 'there' | 'loading' | 'failed'
  error?: unknown
}

export interface PagesInUse<T> extends Pages<T> {
  /** Reads on; again after a failure. */
  loadMore(): void
  /** From the beginning; what is shown stays until the answer is there. */
  reload(): void
  change(to: (items: readonly T[]) => readonly T[]): void
}

const nothing: Pages<never> = { status: 'loading', items: [], more: 'none' }

/**
 * A list that comes in pages. It begins anew when `read` becomes another function (keep it with `useCallback`), and shows what it
 * had until the answer is there.
 */
export function usePages<T>(
  read: (query: PageQuery, signal: AbortSignal) => Promise<Page<T>>,
  limit = 50
): PagesInUse<T> {
  const [pages, setPages] = useState<Pages<T>>(nothing)
  const running = useRef<AbortController>(undefined)
  const cursor = useRef<string>(undefined)

  const load = useCallback(
    async (first: boolean) => {
      running.current?.abort()
      const { signal } = (running.current = new AbortController())
      const from = first ? undefined : cursor.current
      setPages((now) => (first ? { ...now, status: beginning(now) } : { ...now, more: 'loading' }))
      try {
        const page = await read({ limit, ...(from === undefined ? {} : { cursor: from }) }, signal)
        if (signal.aborted) return
        cursor.current = page.next_cursor ?? undefined
        setPages(({ items }) => ({
          status: 'ready',
          items: first ? page.items : [...items, ...page.items],
          more: page.next_cursor === null ? 'none' : 'there'
        }))
      } catch (error) {
        if (signal.aborted) return
        setPages((now) =>
          first ? { ...nothing, status: 'failed', error } : { ...now, more: 'failed', error }
        )
      }
    },
    [read, limit]
  )

  useEffect(() => {
    setPages(({ items }) => ({ ...nothing, items }))
    void load(true)
    return () => running.current?.abort()
  }, [load])

  return {
    ...pages,
    loadMore: () => void load(false),
    reload: () => void load(true),
    change: (to) => setPages((now) => ({ ...now, items: to(now.items) }))
  }
}

const beginning = ({ status }: Pages<unknown>) => (status === 'ready' ? 'ready' : 'loading')
