import type { Conversation } from '@parley/contracts'
import { useEffect, useRef, useState } from 'preact/hooks'
import { pressedShortcut, type ShortcutId } from '../shortcuts/shortcuts.ts'
import { useCenter } from './context.ts'
import { lazy } from './lazy.tsx'
import { neighbourOf } from './neighbour-of.ts'
import { withPanel } from './route.ts'

const QuickSwitch = lazy(async () => (await import('./quick-switch.tsx')).QuickSwitch, { over: true })
const ShortcutSheet = lazy(async () => (await import('../shortcuts/shortcut-sheet.tsx')).ShortcutSheet, {
  over: true
})

/** What works everywhere: in the whole page where it is ours, else while the focus is within the element. */
export function GlobalShortcuts() {
  const { router } = useCenter()
  const ref = useRef<HTMLSpanElement>(null)
  const [open, setOpen] = useState<'quickSwitch' | 'help'>()
  const carryOut = useActions(setOpen)
  useEffect(() => {
    const root = ref.current?.getRootNode()
    const target = router.owns_page ? window : root
    const press = (event: Event) => {
      if (!(event instanceof KeyboardEvent) || event.defaultPrevented || event.isComposing) return
      // What is open over everything has its own keys.
      if ((root as ParentNode).querySelector('dialog[open]')) return
      const shortcut = pressedShortcut(event, 'everywhere')
      if (shortcut && carryOut.current(shortcut)) event.preventDefault()
    }
    target?.addEventListener('keydown', press)
    return () => target?.removeEventListener('keydown', press)
  }, [router])
  const close = () => setOpen(undefined)
  return (
    <>
      <span ref={ref} hidden />
      {open === 'quickSwitch' && <QuickSwitch onClose={close} />}
      {open === 'help' && <ShortcutSheet onClose={close} />}
    </>
  )
}

/** True where there was something to do. */
function useActions(setOpen: (what: 'quickSwitch' | 'help') => void) {
  const { router, conversations } = useCenter()
  const carryOut = (shortcut: ShortcutId): boolean => {
    const route = router.get()
    const { items } = conversations.get()
    const here = route.at === 'conversation' ? route.id : undefined
    const go = (to: Conversation | undefined) => {
      if (to) router.go({ at: 'conversation', id: to.id })
      return to !== undefined
    }
    switch (shortcut) {
      case 'quickSwitch':
      case 'help':
        setOpen(shortcut)
        return true
      case 'nextConversation':
        return go(neighbourOf(items, here, 1))
      case 'previousConversation':
        return go(neighbourOf(items, here, -1))
      case 'nextUnread':
        return go(nextUnread(items, here))
      case 'search': {
        const id = here ?? items[0]?.id
        if (id) router.go({ at: 'conversation', id, panel: 'search' })
        return id !== undefined
      }
      case 'closePanel':
        if (route.at !== 'conversation' || !(route.panel ?? route.thread)) return false
        router.go(withPanel(route, undefined), { replace: true })
        return true
      default:
        return false
    }
  }
  const latest = useRef(carryOut)
  latest.current = carryOut
  return latest
}

/** After the one that is open, and round to it. */
function nextUnread(items: readonly Conversation[], here: string | undefined): Conversation | undefined {
  const at = items.findIndex(({ id }) => id === here) + 1
  return [...items.slice(at), ...items.slice(0, at)].find((one) => one.unread_count > 0 && one.id !== here)
}
