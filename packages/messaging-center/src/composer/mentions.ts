import type { User } from '@parley/contracts'
import { bestFit, fold } from '../people/name-match.ts'
import type { TextChange } from './formatting.ts'

/** The name that is being typed: from its @ to the caret. */
export interface MentionQuery {
  start: number
  end: number
  name: string
}

// As the server looks for mentions: not within a word, an address or a path.
const BEING_TYPED = /(?<![\p{L}\p{N}\p{M}_.+\-/@\\])@([\p{L}\p{N}\p{M}._-]*)$/u

/**
 * The mention that ends at the caret, if one is being typed there.
 *
 * @example mentionAt('ask @an', 7) // { start: 4, end: 7, name: 'an' }
 */
export function mentionAt(text: string, caret: number): MentionQuery | undefined {
  const name = BEING_TYPED.exec(text.slice(0, caret))?.[1]
  return name === undefined ? undefined : { start: caret - name.length - 1, end: caret, name }
}

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

/** Writes the name out, and a space after it where none follows. */
export function mentionChange(text: string, { start, end }: MentionQuery, { username }: User): TextChange {
  const space = /^\s/.test(text.slice(end)) ? '' : ' '
  const caret = start + username.length + 2
  return { from: start, to: end, insert: `@${username}${space}`, select: { start: caret, end: caret } }
}
