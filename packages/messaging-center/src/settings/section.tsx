import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

/** A part of the settings, with its heading. */
export function Section({
  title,
  hint,
  children
}: {
  title: string
  hint?: string
  children: ComponentChildren
}) {
  const id = useId()
  return (
    <section class="settings-section" aria-labelledby={id}>
      <h2 class="settings-heading" id={id}>
        {title}
      </h2>
      {hint && <p class="settings-hint">{hint}</p>}
      {children}
    </section>
  )
}
