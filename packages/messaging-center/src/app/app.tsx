import type { Router } from './router.ts'
import type { Session } from './session.ts'

/** The messaging center: signing in, or the list, the open conversation and what is beside it. */
export function App(_props: { session: Session; router: Router }) {
  return null
}
