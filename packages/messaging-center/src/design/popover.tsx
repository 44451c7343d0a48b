import type { ComponentChildren, HTMLAttributes } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { focusedIn, isShown } from './focus.ts'

export interface PopoverProps extends Omit<HTMLAttributes<HTMLDivElement>, 'class'> {
  /** What it belongs to: it opens at its edge, and a press there does not close it. */
  anchor: Element
  /** Escape, a press elsewhere, or the place it belongs to moved. */
  onClose(): void
  /** False where the focus stays with the anchor, as with suggestions below a field. */
  focus?: boolean
  class?: string
  children: ComponentChildren
}

/** Something small over everything else, beside what it belongs to. The focus goes back when it closes. */
export function Popover({ anchor, onClose, focus = true, class: more, children, ...rest }: PopoverProps) {
  const ref = useRef<HTMLDivElement>(null)
  const close = useRef(onClose)
  close.current = onClose
  useLayoutEffect(() => {
    const popover = ref.current
    if (!popover) return
    const before = focusedIn(popover)
    popover.showPopover?.()
    place(popover, anchor)
    if (focus) first(popover).focus()
    const press = (event: Event) => {
      const path = event.composedPath()
      if (!path.includes(popover) && !path.includes(anchor)) close.current()
    }
    const move = (event: Event) => {
      if (!event.composedPath().includes(popover)) close.current()
    }
    const again = new ResizeObserver(() => place(popover, anchor))
    again.observe(popover)
    addEventListener('pointerdown', press, true)
    addEventListener('resize', move)
    addEventListener('wheel', move, { passive: true })
    return () => {
      again.disconnect()
      removeEventListener('pointerdown', press, true)
      removeEventListener('resize', move)
      removeEventListener('wheel', move)
      const inside = popover.contains(focusedIn(popover) ?? null)
      if (focus && inside && before?.isConnected) before.focus()
    }
  }, [anchor])
  return (
    <div
      tabIndex={-1}
      {...rest}
      ref={ref}
      popover="manual"
      class={`popover${more ? ` ${more}` : ''}`}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          // What is below it, a dialog for instance, stays open.
          event.preventDefault()
          event.stopPropagation()
          onClose()
        } else rest.onKeyDown?.(event)
      }}
    >
      {children}
    </div>
  )
}

function first(popover: HTMLElement): HTMLElement {
  const all = [...popover.querySelectorAll<HTMLElement>('[autofocus], [tabindex="0"], button, input')]
  return all.find((one) => one.matches('[autofocus]')) ?? all.find(isShown) ?? popover
}

const MARGIN = 8

/** Below the anchor where there is room, else above; in line with that edge of it that is nearer to the window's, and within the window. */
function place(popover: HTMLElement, anchor: Element): void {
  const at = anchor.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = popover
  const { clientWidth, clientHeight } = document.documentElement
  const below = at.bottom + height + MARGIN <= clientHeight || at.top < height + MARGIN
  const top = below ? at.bottom + 4 : at.top - height - 4
  const isRight = at.left + at.width / 2 > clientWidth / 2
  const left = isRight ? at.right - width : at.left
  const within = (value: number, size: number, room: number) =>
    Math.max(MARGIN, Math.min(value, room - size - MARGIN))
  popover.style.top = `${within(top, height, clientHeight)}px`
  popover.style.left = `${within(left, width, clientWidth)}px`
}
