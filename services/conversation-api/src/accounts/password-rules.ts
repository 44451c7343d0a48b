import { limits, ProblemError } from '@parley/contracts'
import { isCommonPassword } from './common-passwords.ts'

/**
 * Refuses passwords that are too short, too long (bytes: what hashing costs), well known, or the user's own name.
 * Throws `validation_failed` with `pointer`.
 */
export function checkPassword(
  password: string,
  { username, pointer }: { username: string; pointer: string }
): void {
  const reason = weakness(password, username)
  if (reason) throw new ProblemError('validation_failed', { errors: [{ pointer, reason }] })
}

function weakness(password: string, username: string): string | undefined {
  const bytes = Buffer.byteLength(password)
  if (bytes < limits.password_min_bytes) return `must have at least ${limits.password_min_bytes} bytes`
  if (bytes > limits.password_max_bytes) return `must have at most ${limits.password_max_bytes} bytes`
  if (isCommonPassword(password)) return 'is one of the most common passwords'
  if (password.toLowerCase() === username.toLowerCase()) return 'must not be the username'
  return undefined
}
