import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useStrings } from '../app/context.ts'
import type { Session, SignedOutReason } from '../app/session.ts'
import { Button } from '../design/button.tsx'
import { Field } from '../design/field.tsx'
import { Icon } from '../design/icon.tsx'
import { errorsOf, type FormErrors, mistakesIn } from './form-errors.ts'
import { PasswordField } from './password-field.tsx'

export interface SignInProps {
  session: Session
  /** Why one is not signed in any more. */
  reason?: SignedOutReason | undefined
  /** The page is this alone, so the focus may begin here. */
  focus: boolean
}

/** Sign in, or make an account. */
export function SignIn({ session, reason, focus }: SignInProps) {
  const { t } = useStrings()
  const [isNew, setIsNew] = useState(false)
  if (!session.asks) return <SignedOutByProduct session={session} reason={reason} />
  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <Brand />
        <h1 class="sign-in-title">{t(isNew ? 'signIn.register' : 'signIn.title')}</h1>
        {reason && (
          <p class="sign-in-reason" role="status">
            {t(`signIn.${reason}`)}
          </p>
        )}
        <SignInForm session={session} isNew={isNew} focus={focus || reason !== undefined} />
        <p class="sign-in-other">
          {t(isNew ? 'signIn.haveAccount' : 'signIn.newHere')}{' '}
          <Button look="quiet" onClick={() => setIsNew(!isNew)}>
            {t(isNew ? 'signIn.title' : 'signIn.register')}
          </Button>
        </p>
      </div>
    </main>
  )
}

function SignInForm({ session, isNew, focus }: { session: Session; isNew: boolean; focus: boolean }) {
  const strings = useStrings()
  const { t } = strings
  const form = useRef<HTMLFormElement>(null)
  const [name, setName] = useState('')
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [errors, setErrors] = useState<FormErrors>({ fields: {} })
  const field = (name: string) => form.current?.querySelector<HTMLInputElement>(`[name="${name}"]`)
  useLayoutEffect(() => {
    if (focus) field('username')?.focus()
  }, [])
  useLayoutEffect(() => setErrors({ fields: {} }), [isNew])
  useLayoutEffect(() => {
    const wrong = form.current?.querySelector<HTMLInputElement>('[aria-invalid]')
    if (wrong) wrong.focus()
    else if (errors.form) field('password')?.select()
  }, [errors])

  const submit = async (event: Event) => {
    event.preventDefault()
    if (busy) return
    const credentials = { username: username.trim(), password }
    const mistakes = mistakesIn(strings, isNew, credentials)
    setErrors(mistakes)
    if (Object.keys(mistakes.fields).length > 0) return
    setBusy(true)
    try {
      const display_name = name.trim()
      if (isNew) await session.register({ ...credentials, ...(display_name ? { display_name } : {}) })
      else await session.signIn(credentials)
    } catch (error) {
      setErrors(errorsOf(strings, error))
      setBusy(false)
    }
  }

  return (
    <form ref={form} class="sign-in-form" noValidate onSubmit={submit}>
      {isNew && (
        <Field
          label={t('signIn.displayName')}
          hint={t('signIn.displayNameHint')}
          error={errors.fields.display_name}
        >
          {(control) => (
            <input
              {...control}
              name="display_name"
              type="text"
              autocomplete="name"
              dir="auto"
              maxLength={100}
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      <Field
        label={t('signIn.username')}
        {...(isNew ? { hint: t('signIn.usernameHint') } : {})}
        error={errors.fields.username}
      >
        {(control) => (
          <input
            {...control}
            name="username"
            type="text"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            dir="ltr"
            required
            value={username}
            onInput={(event) => setUsername(event.currentTarget.value)}
          />
        )}
      </Field>
      <PasswordField isNew={isNew} value={password} error={errors.fields.password} onChange={setPassword} />
      {errors.form && (
        <p class="form-error" role="alert">
          {errors.form}
        </p>
      )}
      <Button type="submit" look="primary" busy={busy}>
        {t(isNew ? 'signIn.register' : 'signIn.title')}
      </Button>
    </form>
  )
}

/** A product's own sign-in has ended, or never began: only the product can do something about it. */
function SignedOutByProduct({ session, reason }: { session: Session; reason: SignedOutReason | undefined }) {
  const { t } = useStrings()
  return (
    <main class="sign-in">
      <div class="state">
        <span class="state-icon">
          <Icon name="lock" />
        </span>
        <h1 class="state-title">{t('signIn.notSignedIn')}</h1>
        <p class="state-text">{t(reason ? `signIn.${reason}` : 'signIn.notSignedInHint')}</p>
        <Button icon="refresh" onClick={() => void session.look()}>
          {t('common.retry')}
        </Button>
      </div>
    </main>
  )
}

function Brand() {
  return (
    <p class="sign-in-brand">
      <span class="sign-in-mark">
        <Icon name="message" />
      </span>
      Parley
    </p>
  )
}
