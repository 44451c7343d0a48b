import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

const LONG_PRESS_MS = 500

export interface AttentionSetup {
  /** A key was pressed with the focus on the element itself. */
  onPress(event: KeyboardEvent): void
  /** A finger stayed on it. */
  onLongPress(): void
}

/**
 * Whether somebody minds the message that `inside` is a part of: the pointer or the focus is in it. The message is the nearest element
 * around that can have the focus.
 */
export function useAttention(inside: RefObject<HTMLElement | null>, setup: AttentionSetup): boolean {
  const [hovered, setHovered] = useState(false)
  const [focused, setFocused] = useState(false)
  const latest = useRef(setup)
  latest.current = setup
  useEffect(() => {
    const item = inside.current?.closest<HTMLElement>('[tabindex]')
    if (!item) return
    // It may have come in just because somebody minds.
    setHovered(item.matches(':hover') && matchMedia('(hover: hover)').matches)
    setFocused(item.matches(':focus-within'))
    const listening = new AbortController()
    const { signal } = listening
    let held: ReturnType<typeof setTimeout> | undefined
    const letGo = () => clearTimeout(held)
    item.addEventListener('pointerenter', ({ pointerType }) => setHovered(pointerType === 'mouse'), {
      signal
    })
    item.addEventListener('pointerleave', () => setHovered(false), { signal })
    item.addEventListener('focusin', () => setFocused(true), { signal })
    item.addEventListener(
      'focusout',
      ({ relatedTarget }) => setFocused(relatedTarget instanceof Node && item.contains(relatedTarget)),
      { signal }
    )
    item.addEventListener(
      'keydown',
      (event) => {
        if (event.target === item && !event.defaultPrevented) latest.current.onPress(event)
      },
      { signal }
    )
    item.addEventListener(
      'pointerdown',
      ({ pointerType, target }) => {
        if (pointerType !== 'touch' || (target as Element).closest('a, button, video, audio')) return
        held = setTimeout(() => latest.current.onLongPress(), LONG_PRESS_MS)
      },
      { signal }
    )
    // Scrolling takes the pointer away.
    for (const end of ['pointerup', 'pointercancel', 'pointermove'] as const)
      item.addEventListener(end, letGo, { signal })
    return () => {
      letGo()
      listening.abort()
    }
  }, [])
  return hovered || focused
}
