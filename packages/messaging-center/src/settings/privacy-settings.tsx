import type { Privacy } from '@parley/contracts'
import { useEffect, useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { Spinner } from '../design/spinner.tsx'
import { ErrorState } from '../design/states.tsx'
import { Switch } from '../design/switch.tsx'
import { errorText } from '../strings/error-text.ts'
import { Section } from './section.tsx'

/** What others learn of one. A switch that could not be saved goes back. */
export function PrivacySettings() {
  const { client, notify, announce } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const [privacy, setPrivacy] = useState<Privacy>()
  const [error, setError] = useState<unknown>()
  const [saving, setSaving] = useState<keyof Privacy>()
  const load = () => {
    setError(undefined)
    client.rest('GET privacy/').then(setPrivacy, setError)
  }
  useEffect(load, [client])
  const change = async (name: keyof Privacy, value: boolean) => {
    const before = privacy
    setSaving(name)
    setPrivacy((now) => now && { ...now, [name]: value })
    try {
      setPrivacy(await client.rest('PATCH privacy/', { [name]: value }))
      announce(t('settings.saved'))
    } catch (cause) {
      setPrivacy(before)
      notify({ text: errorText(strings, cause) })
    }
    setSaving(undefined)
  }
  return (
    <Section title={t('settings.privacy')}>
      {error !== undefined && <ErrorState error={error} retry={load} />}
      {!privacy && error === undefined && <Spinner label={t('common.loading')} />}
      {privacy && (
        <>
          <Switch
            label={t('settings.hidePresence')}
            hint={t('settings.hidePresenceHint')}
            checked={privacy.hide_presence}
            busy={saving !== undefined}
            onChange={(value) => change('hide_presence', value)}
          />
          <Switch
            label={t('settings.hideReads')}
            hint={t('settings.hideReadsHint')}
            checked={privacy.hide_reads}
            busy={saving !== undefined}
            onChange={(value) => change('hide_reads', value)}
          />
        </>
      )}
    </Section>
  )
}
