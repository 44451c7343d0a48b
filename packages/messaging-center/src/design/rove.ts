import { isShown } from './focus.ts'

/**
 * Moves the focus among the elements of a list, as its keys ask: up and down (or along, with `across`), Home, End, and the first letter
 * of what an element says. True where the key was one of these.
 */
export function rove(event: KeyboardEvent, selector: string, { across = false } = {}): boolean {
  const list = event.currentTarget
  if (!(list instanceof Element) || event.ctrlKey || event.metaKey || event.altKey) return false
  const all = [...list.querySelectorAll<HTMLElement>(selector)].filter(isShown)
  const at = all.findIndex((one) => one === event.target)
  const to = target(event.key, all, at, across && getComputedStyle(list).direction === 'rtl', across)
  if (!to) return false
  event.preventDefault()
  event.stopPropagation()
  for (const one of all) one.tabIndex = one === to ? 0 : -1
  to.focus()
  return true
}

function target(key: string, all: HTMLElement[], at: number, rtl: boolean, across: boolean) {
  const forward = across ? (rtl ? 'ArrowLeft' : 'ArrowRight') : 'ArrowDown'
  const backward = across ? (rtl ? 'ArrowRight' : 'ArrowLeft') : 'ArrowUp'
  if (key === forward) return all[(at + 1) % all.length]
  if (key === backward) return all.at(at <= 0 ? -1 : at - 1)
  if (key === 'Home') return all[0]
  if (key === 'End') return all.at(-1)
  if (key.length !== 1 || key === ' ') return undefined
  const begins = (one: HTMLElement) => one.textContent?.trim().toLowerCase().startsWith(key.toLowerCase())
  return [...all.slice(at + 1), ...all.slice(0, at + 1)].find(begins)
}
