import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

/**
 * Whether somebody minds the message that `inside` is a part of: the pointer or the focus is in it. The message is the nearest element
 * around that can have the focus. `press` hears the keys that are pressed while the message itself has it,
 * also the one that was `pressed` before this was there.
 */
export function useAttention(
  inside: RefObject<HTMLElement | null>,
  pressed: RefObject<KeyboardEvent | undefined>,
  press: (event: KeyboardEvent) => void
): boolean {
  const [hovered, setHovered] = useState(false)
  const [focused, setFocused] = useState(false)
  const latest = useRef(press)
  latest.current = press
  // Before anything else happens: it may have come in with the focus, and the next key is for it.
  useLayoutEffect(() => {
    const item = inside.current?.closest<HTMLElement>('[tabindex]')
    if (!item) return
    setHovered(item.matches(':hover') && matchMedia('(hover: hover)').matches)
    setFocused(item.matches(':focus-within'))
    if (pressed.current && item.matches(':focus')) latest.current(pressed.current)
    const listening = new AbortController()
    const { signal } = listening
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
        if (event.target === item && !event.defaultPrevented) latest.current(event)
      },
      { signal }
    )
    return () => listening.abort()
  }, [])
  return hovered || focused
}
