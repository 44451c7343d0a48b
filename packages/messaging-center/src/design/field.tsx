import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

/** What goes onto the control of a field. */
export interface Control {
  id: string
  class: 'field-control'
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

export interface FieldProps {
  label: string
  hint?: string
  error?: string | undefined
  children: (control: Control) => ComponentChildren
}

/**
 * A control with its label above it, a hint, and what is wrong with it.
 *
 * @example
 * <Field label={t('members.title')} error={error}>{(control) => <input {...control} name="title" />}</Field>
 */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      {children({
        id,
        class: 'field-control',
        'aria-describedby': described || undefined,
        'aria-invalid': error ? true : undefined
      })}
      {hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  )
}
