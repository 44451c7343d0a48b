import type { Conversation } from '@parley/contracts'
import type { Ref } from 'preact'
import { useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { useCenter } from '../app/context.ts'
import { useStore } from '../app/use-store.ts'
import { focusedIn } from '../design/focus.ts'
import { ConversationRow } from './conversation-row.tsx'
import { scrollTo, windowOf } from './list-window.ts'

export interface RowsHandle {
  /** Goes to the row that the arrow keys are at. */
  focus(): void
}

export interface ConversationRowsProps {
  items: readonly Conversation[]
  label: string
  ref: Ref<RowsHandle>
}

/**
 * The rows near what is seen, of however many there are. One of them takes the Tab key, the arrows move among all. Where their order
 * changes the focus stays with its conversation.
 */
export function ConversationRows({ items, label, ref }: ConversationRowsProps) {
  const { router } = useCenter()
  const route = useStore(router)
  const current = route.at === 'conversation' ? route.id : undefined
  const scroll = useRef<HTMLDivElement>(null)
  const view = useView(scroll)
  const [chosen, setChosen] = useState<string>()
  const indexes = useMemo(() => new Map(items.map(({ id }, index) => [id, index])), [items])
  const active = indexes.get(chosen ?? '') ?? indexes.get(current ?? '') ?? 0
  const wanted = useRef<string>(undefined)

  // Rows that change places are taken out of the page for a moment, and lose the focus.
  const focused = scroll.current ? focusedIn(scroll.current)?.dataset.conversation : undefined
  useLayoutEffect(() => {
    const list = scroll.current
    const id = wanted.current ?? focused
    wanted.current = undefined
    if (!list || id === undefined || focusedIn(list)?.dataset.conversation === id) return
    list.querySelector<HTMLElement>(`[data-conversation="${id}"]`)?.focus({ preventScroll: true })
  })

  const goTo = (index: number) => {
    const item = items[index]
    if (!item || !scroll.current) return
    const top = scrollTo(index, view)
    if (top !== undefined) scroll.current.scrollTop = top
    wanted.current = item.id
    setChosen(item.id)
    view.look()
  }
  useImperativeHandle(ref, () => ({ focus: () => goTo(active) }))

  // Opened from elsewhere, it comes into view.
  const at = current === undefined ? undefined : indexes.get(current)
  useLayoutEffect(() => {
    if (at === undefined || !scroll.current || focused) return
    const top = scrollTo(at, view)
    if (top !== undefined) scroll.current.scrollTop = top
  }, [current, at === undefined, view.row])

  const { from, to } = windowOf({ ...view, count: items.length })
  const drawn = items.slice(from, to).map((item, offset) => ({ item, index: from + offset }))
  const apart = items[active]
  if (apart && (active < from || active >= to)) drawn.push({ item: apart, index: active })
  return (
    <div ref={scroll} class="conversation-scroll">
      <ul
        class="conversation-rows"
        aria-label={label}
        style={{ blockSize: `${items.length * view.row}px` }}
        onKeyDown={(event) => {
          const index = targetOf(event, active, {
            count: items.length,
            page: Math.floor(view.height / view.row)
          })
          if (index === undefined) return
          event.preventDefault()
          goTo(index)
        }}
        onFocusIn={(event) => {
          const id = (event.target as HTMLElement).dataset.conversation
          if (id !== undefined) setChosen(id)
        }}
      >
        {drawn.map(({ item, index }) => (
          <ConversationRow
            key={item.id}
            conversation={item}
            top={index * view.row}
            index={index}
            count={items.length}
            current={item.id === current}
            active={index === active}
          />
        ))}
      </ul>
    </div>
  )
}

function targetOf(event: KeyboardEvent, at: number, { count, page }: { count: number; page: number }) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return undefined
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }
  if (event.key === 'Home') return 0
  if (event.key === 'End') return count - 1
  const step = steps[event.key]
  return step === undefined ? undefined : Math.max(0, Math.min(count - 1, at + step))
}

/** As --row in conversations.css. */
const ROW_REM = 4.25

interface View {
  top: number
  height: number
  row: number
  /** The place has changed before anything told. */
  look(): void
}

/** What is seen of the list, in pixels. */
function useView(scroll: { current: HTMLElement | null }): View {
  const [view, setView] = useState({ top: 0, height: 800, row: 0 })
  const look = () => {
    const element = scroll.current
    if (!element) return
    const row = ROW_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
    const { scrollTop: top, clientHeight: height } = element
    setView((before) =>
      before.top === top && before.height === height && before.row === row ? before : { top, height, row }
    )
  }
  useLayoutEffect(() => {
    const element = scroll.current
    if (!element) return
    look()
    const observer = new ResizeObserver(look)
    observer.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [])
  return { ...view, look }
}
