import { useState } from 'preact/hooks'
import { useStrings } from '../app/context.ts'
import { IconButton } from '../design/button.tsx'
import { Field } from '../design/field.tsx'

export interface PasswordFieldProps {
  /** A new one is suggested by the browser, a known one is filled in. */
  isNew: boolean
  value: string
  error: string | undefined
  onChange(value: string): void
}

/** A password, which can be looked at. */
export function PasswordField({ isNew, value, error, onChange }: PasswordFieldProps) {
  const { t } = useStrings()
  const [shown, setShown] = useState(false)
  return (
    <Field
      label={t('signIn.password')}
      {...(isNew ? { hint: t('settings.newPasswordHint') } : {})}
      error={error}
    >
      {(control) => (
        <div class="sign-in-password">
          <input
            {...control}
            name="password"
            // One of two, which the types of elements do not know.
            type={(shown ? 'text' : 'password') as 'password'}
            autocomplete={isNew ? 'new-password' : 'current-password'}
            autocapitalize="none"
            spellcheck={false}
            dir="ltr"
            required
            value={value}
            onInput={(event) => onChange(event.currentTarget.value)}
          />
          <IconButton
            icon={shown ? 'eye-off' : 'eye'}
            label={t('signIn.showPassword')}
            pressed={shown}
            onClick={() => setShown(!shown)}
          />
        </div>
      )}
    </Field>
  )
}
