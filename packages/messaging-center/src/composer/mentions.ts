import type { User } from '@parley/contracts'
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

/** Writes the name out, and a space after it where none follows. */
export function mentionChange(text: string, { start, end }: MentionQuery, { username }: User): TextChange {
  const space = /^\s/.test(text.slice(end)) ? '' : ' '
  const caret = start + username.length + 2
  return { from: start, to: end, insert: `@${username}${space}`, select: { start: caret, end: caret } }
}
