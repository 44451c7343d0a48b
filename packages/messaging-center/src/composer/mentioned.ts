import type { User } from '@parley/contracts'
import { bestFit, fold } from '../people/name-match.ts'

/** Who may be meant, the likeliest first: whose username begins so, then who is called so, then who has it in a name. */
export function mentioned(users: readonly User[], name: string, limit = 8): User[] {
  const typed = fold(name)
  const fitting = users.flatMap((user) => {
    const fit = bestFit(name, [user.username, user.display_name])
    return fit === 0 ? [] : [{ user, fit: fit + (fold(user.username).startsWith(typed) ? 1 : 0) }]
  })
  return fitting
    .toSorted((one, other) => other.fit - one.fit || one.user.username.localeCompare(other.user.username))
    .slice(0, limit)
    .map(({ user }) => user)
}
