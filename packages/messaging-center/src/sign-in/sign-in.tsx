import type { Session } from '../app/session.ts'

/** Sign in, or make an account. */
export function SignIn(_props: { session: Session }) {
  return <main></main>
}
