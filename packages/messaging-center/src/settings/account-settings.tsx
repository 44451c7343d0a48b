import { useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { Button } from '../design/button.tsx'
import { PersonLine } from '../people/person-picker.tsx'
import { errorText } from '../strings/error-text.ts'
import { Section } from './section.tsx'

/** Who one is here, and the way out. */
export function AccountSettings() {
  const { me, signOut } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const leave = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await signOut()
    } catch (cause) {
      setError(cause)
      setBusy(false)
    }
  }
  return (
    <Section title={t('settings.account')}>
      <div class="settings-item">
        <span class="person-line">
          <PersonLine user={me} />
        </span>
        <Button icon="sign-out" busy={busy} onClick={leave}>
          {t('settings.signOut')}
        </Button>
      </div>
      {error !== undefined && (
        <p class="form-error" role="alert">
          {errorText(strings, error)}
        </p>
      )}
    </Section>
  )
}
