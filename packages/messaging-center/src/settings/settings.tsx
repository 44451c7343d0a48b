import { useEffect, useId, useRef } from 'preact/hooks'
import { BackButton } from '../app/back-button.tsx'
import { useCenter, useStrings } from '../app/context.ts'
import { NotificationSettings } from '../notifications/notification-settings.tsx'
import { AccountSettings } from './account-settings.tsx'
import { AppearanceSettings } from './appearance-settings.tsx'
import { BlockedPeople } from './blocked-people.tsx'
import { PasswordSettings } from './password-settings.tsx'
import { PrivacySettings } from './privacy-settings.tsx'
import { SessionSettings } from './session-settings.tsx'

/** What one sets for oneself: looks, notifications, privacy, sessions, password, blocked people. */
export function Settings() {
  const { asks } = useCenter()
  const { t } = useStrings()
  const id = useId()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <main class="settings" aria-labelledby={id}>
      <header class="page-head">
        <BackButton />
        <h1 ref={heading} class="page-title" id={id} tabIndex={-1}>
          {t('settings.title')}
        </h1>
      </header>
      <div class="settings-body">
        <AppearanceSettings />
        <NotificationSettings />
        <PrivacySettings />
        <BlockedPeople />
        {asks && <PasswordSettings />}
        {asks && <SessionSettings />}
        <AccountSettings />
      </div>
    </main>
  )
}
