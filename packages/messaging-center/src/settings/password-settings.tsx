import { useState } from 'preact/hooks'
import { useCenter, useStrings } from '../app/context.ts'
import { Button } from '../design/button.tsx'
import { Field } from '../design/field.tsx'
import { errorText } from '../strings/error-text.ts'
import { type PasswordProblem, passwordMistake, passwordProblem } from './password-problem.ts'
import { Section } from './section.tsx'

/** Another password. */
export function PasswordSettings() {
  const { client, me } = useCenter()
  const strings = useStrings()
  const { t } = strings
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [busy, setBusy] = useState(false)
  const [done, setDone] = useState(false)
  const [problem, setProblem] = useState<PasswordProblem & { error?: unknown }>()
  const change = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy) return
    const mistake = passwordMistake({ current, next })
    setDone(false)
    setProblem(mistake)
    if (mistake) return
    setBusy(true)
    try {
      await client.rest('POST auth/password/', { current_password: current, new_password: next })
      setCurrent('')
      setNext('')
      setDone(true)
    } catch (error) {
      setProblem({ ...passwordProblem(error), error })
    }
    setBusy(false)
  }
  const wrong = (field: 'current' | 'new') =>
    problem?.field === field && problem.text ? t(problem.text) : undefined
  return (
    <Section title={t('settings.password')} hint={t('settings.passwordHint')}>
      <form class="settings-form" noValidate onSubmit={change}>
        <input
          class="unseen"
          type="text"
          autocomplete="username"
          value={me.username}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        <Field label={t('settings.currentPassword')} error={wrong('current')}>
          {(control) => (
            <input
              {...control}
              type="password"
              autocomplete="current-password"
              value={current}
              onInput={(event) => setCurrent(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label={t('settings.newPassword')} hint={t('settings.newPasswordHint')} error={wrong('new')}>
          {(control) => (
            <input
              {...control}
              type="password"
              autocomplete="new-password"
              value={next}
              onInput={(event) => setNext(event.currentTarget.value)}
            />
          )}
        </Field>
        {problem && !problem.field && (
          <p class="form-error" role="alert">
            {errorText(strings, problem.error)}
          </p>
        )}
        <p class="settings-done" role="status">
          {done && t('settings.passwordChanged')}
        </p>
        <div class="settings-actions">
          <Button type="submit" busy={busy}>
            {t('settings.changePassword')}
          </Button>
        </div>
      </form>
    </Section>
  )
}
