import { useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { SignOutDialog } from '../app/sign-out-dialog.tsx'
import { Button } from '../design/button.tsx'
import { PersonLine } from '../people/person-picker.tsx'
import { Section } from './section.tsx'

/** Who one is here, and the way out where this is the way in. */
export function AccountSettings() {
  const { me, asks } = useCenter()
  const { t } = useStrings()
  const [leaving, setLeaving] = useState(false)
  return (
    <Section title={t('settings.account')}>
      <div class="settings-item">
        <span class="person-line">
          <PersonLine user={me} />
        </span>
        {asks && (
          <Button icon="sign-out" onClick={() => setLeaving(true)}>
            {t('settings.signOut')}
          </Button>
        )}
      </div>
      {leaving && <SignOutDialog onClose={() => setLeaving(false)} />}
    </Section>
  )
}
