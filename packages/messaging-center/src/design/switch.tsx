import { useId } from 'preact/hooks'

export interface SwitchProps {
  label: string
  /** What it means as it stands. */
  hint?: string
  checked: boolean
  /** It is being saved: it keeps the focus, and takes no press. */
  busy?: boolean
  onChange(checked: boolean): void
}

/** On or off, at once. */
export function Switch({ label, hint, checked, busy = false, onChange }: SwitchProps) {
  const id = useId()
  return (
    <div class="switch-row">
      <span class="switch-text">
        <label class="switch-label" for={id}>
          {label}
        </label>
        {hint && (
          <span class="switch-hint" id={`${id}-hint`}>
            {hint}
          </span>
        )}
      </span>
      <button
        type="button"
        role="switch"
        id={id}
        class="switch"
        aria-checked={checked}
        aria-busy={busy}
        aria-describedby={hint && `${id}-hint`}
        onClick={() => {
          if (!busy) onChange(!checked)
        }}
      >
        <span class="switch-knob" />
      </button>
    </div>
  )
}
