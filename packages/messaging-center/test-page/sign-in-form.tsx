import type { User } from '@parley/contracts'
import { useState } from 'preact/hooks'
import { Button } from '../src/design/button.tsx'
import { Field } from '../src/design/field.tsx'
import { signIn, signOut, whoAmI } from './requests.ts'
import { useAction } from './use-action.ts'

export interface SignInFormProps {
  me: User | undefined
  onChange: (me: User | undefined) => void
}

/** Step 1: a session, as the old clients get theirs. */
export function SignInForm({ me, onChange }: SignInFormProps) {
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const { busy, error, run } = useAction()
  const enter = () =>
    run(async () => {
      await signIn(username, password)
      setPassword('')
      onChange(await whoAmI())
    })
  const leave = () =>
    run(async () => {
      await signOut()
      onChange(undefined)
    })
  return (
    <section class="test-card" aria-labelledby="sign-in-title">
      <h2 id="sign-in-title">1. Log in</h2>
      {me ? (
        <div class="test-row">
          <p class="test-fill">
            Logged in as <bdi>{me.display_name}</bdi> (<bdi>{me.username}</bdi>).
          </p>
          <Button busy={busy} onClick={leave}>
            Log out
          </Button>
        </div>
      ) : (
        <form
          class="test-form"
          onSubmit={(event) => {
            event.preventDefault()
            void enter()
          }}
        >
          <Field label="Username">
            {(control) => (
              <input
                {...control}
                autocomplete="username"
                autocapitalize="none"
                required
                value={username}
                onInput={(event) => setUsername(event.currentTarget.value)}
              />
            )}
          </Field>
          <Field label="Password">
            {(control) => (
              <input
                {...control}
                type="password"
                autocomplete="current-password"
                required
                value={password}
                onInput={(event) => setPassword(event.currentTarget.value)}
              />
            )}
          </Field>
          <Button type="submit" look="primary" busy={busy}>
            Log in
          </Button>
          <p class="field-hint">
            <code>POST /api/login/</code>. No account yet? Make one in the <a href="../">messaging center</a>.
          </p>
        </form>
      )}
      {error && (
        <p class="form-error" role="alert">
          {error}
        </p>
      )}
    </section>
  )
}
