/**
 * Whether a subject is one a subscription with `*` (one part) or a last `>` (one or more parts) asks for.
 * Example: `matcher('room.*')('room.1')`.
 */
export function matcher(pattern: string): (subject: string) => boolean {
  if (!/[*>]/.test(pattern)) return (subject) => subject === pattern
  const wanted = pattern.split('.')
  const open = wanted.at(-1) === '>'
  if (open) wanted.pop()
  return (subject) => {
    const parts = subject.split('.')
    const lengthFits = open ? parts.length > wanted.length : parts.length === wanted.length
    return lengthFits && wanted.every((part, at) => part === '*' || part === parts[at])
  }
}
