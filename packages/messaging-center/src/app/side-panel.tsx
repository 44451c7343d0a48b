import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { IconButton } from '../design/button.tsx'
import { focusedIn } from '../design/focus.ts'
import { useCenter, useStrings } from './context.ts'
import { withPanel } from './route.ts'

export interface SidePanelProps {
  title: string
  /** Further buttons in its head. */
  actions?: ComponentChildren
  /** Fills the panel and scrolls by itself, in place of a body that scrolls as a whole. */
  full?: boolean
  children: ComponentChildren
}

/**
 * What is open beside a conversation: its title, what closes it, and its body. The focus goes to what has `autofocus`, else to the
 * title, and back to where it was.
 */
export function SidePanel({ title, actions, full = false, children }: SidePanelProps) {
  const { router } = useCenter()
  const { t } = useStrings()
  const id = useId()
  const ref = useRef<HTMLElement>(null)
  useLayoutEffect(() => {
    const panel = ref.current
    if (!panel) return
    const before = focusedIn(panel)
    const wants = panel.querySelector<HTMLElement>('[autofocus]') ?? panel.querySelector('h2')
    wants?.focus({ preventScroll: true })
    return () => {
      if (panel.contains(focusedIn(panel) ?? null) && before?.isConnected) before.focus()
    }
  }, [])
  return (
    <section ref={ref} class="side-panel" aria-labelledby={id}>
      <header class="side-panel-head">
        <h2 id={id} tabIndex={-1}>
          {title}
        </h2>
        {actions}
        <IconButton
          icon="close"
          label={t('common.close')}
          onClick={() => router.go(withPanel(router.get(), undefined), { replace: true })}
        />
      </header>
      <div class={full ? 'side-panel-full' : 'side-panel-body'}>{children}</div>
    </section>
  )
}
