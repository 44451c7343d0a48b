import type { Messages } from '@parley/client/stores'
import type { RefObject } from 'preact'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { ListView, type ListPlace } from './list-view.ts'
import type { Pane } from './pane-context.ts'
import { useReading } from './use-reading.ts'

/** How long what was jumped to is marked. */
const MARKED_MS = 2_500

export interface ListInUse {
  scroller: RefObject<HTMLDivElement | null>
  content: RefObject<HTMLDivElement | null>
  /** Whether one is at the end, and the last message that was ever in view. */
  place: ListPlace
  marked: number | undefined
  toEnd(): void
  onScroll(): void
  onKeyDown(event: KeyboardEvent): void
}

/** The list's view with its component: told before and after it is drawn, and of what one does. */
export function useListView(pane: Pane, state: Messages): ListInUse {
  const { messages: store, target } = pane
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const view = useRef<ListView>(undefined)
  const [place, setPlace] = useState<ListPlace>({ seen: 0, at_end: true })
  const [marked, setMarked] = useState<number>()
  const seen = useRef(0)
  const read = useReading(pane)

  // Drawing has begun and has changed nothing yet: the last moment to see where everything is.
  view.current?.before()

  useLayoutEffect(() => {
    if (!scroller.current || !content.current) return
    const made = new ListView({
      scroller: scroller.current,
      content: content.current,
      store,
      moved(now) {
        seen.current = Math.max(seen.current, now.seen)
        const furthest = { ...now, seen: seen.current }
        setPlace((before) => (isSame(before, furthest) ? before : furthest))
        read(now)
      },
      reached: setMarked
    })
    view.current = made
    return () => made.close()
  }, [store, read])

  useLayoutEffect(() => view.current?.after())

  useEffect(() => {
    if (target) void view.current?.jumpTo(target.seq)
  }, [target])

  useEffect(() => {
    if (marked === undefined) return
    const timer = setTimeout(() => setMarked(undefined), MARKED_MS)
    return () => clearTimeout(timer)
  }, [marked])

  const toEnd = useCallback(() => void view.current?.toEnd(), [])
  useOwnMessages(state, toEnd)

  return {
    scroller,
    content,
    place,
    marked,
    toEnd,
    onScroll: () => view.current?.scrolled(),
    onKeyDown(event) {
      const item = event.target
      if (!(item instanceof HTMLElement) || item.dataset.seq === undefined || event.defaultPrevented) return
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
      if (event.key === 'ArrowUp') view.current?.step(item, -1)
      else if (event.key === 'ArrowDown') view.current?.step(item, 1)
      else if (event.key === 'End') toEnd()
      else return
      event.preventDefault()
    }
  }
}

function isSame(one: ListPlace, other: ListPlace): boolean {
  return one.seen === other.seen && one.at_end === other.at_end
}

/** Whoever says something goes to the end, where it appears. */
function useOwnMessages({ outgoing, status }: Messages, toEnd: () => void): void {
  const known = useRef<ReadonlySet<string>>(undefined)
  useEffect(() => {
    if (status === 'loading') return
    const before = known.current
    known.current = new Set(outgoing.map(({ client_id }) => client_id))
    if (before && outgoing.some(({ client_id, state }) => state !== 'failed' && !before.has(client_id)))
      toEnd()
  }, [outgoing, status])
}
