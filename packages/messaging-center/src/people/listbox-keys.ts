/**
 * Which option is active after a key, in a list below a field: up and down go round, and through nothing at all.
 * Undefined where the key means nothing here.
 */
export function activeAfter(key: string, active: number, count: number): number | undefined {
  if (count === 0) return undefined
  if (key === 'ArrowDown') return active + 1 >= count ? 0 : active + 1
  if (key === 'ArrowUp') return active <= 0 ? count - 1 : active - 1
  if (key === 'PageDown') return Math.min(count - 1, Math.max(0, active) + 8)
  if (key === 'PageUp') return Math.max(0, active - 8)
  return undefined
}
