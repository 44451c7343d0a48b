import { ParleyError } from '@parley/client'
import { useEffect, useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { useStore } from '../app/use-store.ts'
import { Spinner } from '../design/spinner.tsx'
import { ErrorState } from '../design/states.tsx'
import { Switch } from '../design/switch.tsx'
import { Section } from '../settings/section.tsx'
import { errorText } from '../strings/error-text.ts'
import { noticeChoices } from './notice-choices.ts'
import { type PushStatus, pushStatus, turnPushOff, turnPushOn } from './push.ts'
import { playSound } from './sound.ts'

/** What notifies on this device. A section of the settings. */
export function NotificationSettings() {
  const { t } = useStrings()
  const choices = useStore(noticeChoices)
  return (
    <Section title={t('notifications.title')}>
      <PushSettings />
      <Switch
        label={t('notifications.sound')}
        hint={t('notifications.soundHint')}
        checked={choices.sound}
        onChange={(sound) => {
          noticeChoices.set({ ...choices, sound })
          if (sound) void playSound()
        }}
      />
    </Section>
  )
}

/** What it does is said before the browser asks; where it cannot be had, why. */
function PushSettings() {
  const { client, me, announce, notify } = useCenter()
  const strings = useStrings()
  const { t, language } = strings
  const [status, setStatus] = useState<PushStatus>()
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const receiver = { client, me, language }
  const look = () => {
    setError(undefined)
    pushStatus(receiver).then(setStatus, setError)
  }
  useEffect(look, [client, me])
  const change = async (on: boolean) => {
    setBusy(true)
    try {
      const now = on ? await turnPushOn(receiver) : await turnPushOff(client).then(() => 'off' as const)
      setStatus(now)
      announce(t(now === 'on' ? 'notifications.isOn' : 'notifications.isOff'))
    } catch (cause) {
      notify({ text: cause instanceof ParleyError ? errorText(strings, cause) : t('notifications.failed') })
    }
    setBusy(false)
  }
  if (error !== undefined) return <ErrorState error={error} retry={look} />
  if (status === undefined) return <Spinner label={t('common.loading')} />
  if (status === 'unavailable') return null
  if (status !== 'on' && status !== 'off') return <p class="settings-hint">{t(`notifications.${status}`)}</p>
  return (
    <Switch
      label={t('notifications.push')}
      hint={t('notifications.pushHint')}
      checked={status === 'on'}
      busy={busy}
      onChange={change}
    />
  )
}
