import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { useStrings } from '../app/context.ts'
import { IconButton } from './button.tsx'
import { focusedIn } from './focus.ts'

export interface DialogProps {
  title: string
  /** Escape, the cross, or a press beside it. Whoever shows the dialog takes it away. */
  onClose(): void
  wide?: boolean
  children: ComponentChildren
}

/**
 * A question that comes first. The focus goes to what has `autofocus`, else to the first thing in it, and back to
 * where it was. Buttons at its end stand in a `dialog-actions`.
 */
export function Dialog({ title, onClose, wide = false, children }: DialogProps) {
  const { t } = useStrings()
  const id = useId()
  const ref = useRef<HTMLDialogElement>(null)
  const pressed = useRef<EventTarget | null>(null)
  useLayoutEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    const before = focusedIn(dialog)
    dialog.showModal()
    if (!dialog.querySelector('[autofocus]'))
      dialog.querySelector<HTMLElement>('.dialog-body :is(button, a[href], input, select, textarea)')?.focus()
    return () => {
      dialog.close()
      if (before?.isConnected) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={ref}
      class={`dialog${wide ? ' dialog-wide' : ''}`}
      aria-labelledby={id}
      onCancel={(event) => {
        // Also of a file input within it.
        if (event.target !== ref.current) return
        event.preventDefault()
        onClose()
      }}
      onPointerDown={(event) => {
        pressed.current = event.target
      }}
      onClick={(event) => {
        if (event.target === ref.current && pressed.current === ref.current) onClose()
      }}
    >
      <div class="dialog-frame">
        <header class="dialog-head">
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label={t('common.close')} onClick={onClose} />
        </header>
        <div class="dialog-body">{children}</div>
      </div>
    </dialog>
  )
}
