import type { User } from '@parley/contracts'

/** Who somebody is, whether they are here, and the way to talk to them. */
export function ProfileCard(_props: { user: User; onClose: () => void }) {
  return null
}
