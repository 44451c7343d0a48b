/** The one before or after the current one, going round; the first or last where none is current. Undefined where there are none. */
export function neighbourOf<T extends { id: string }>(
  items: readonly T[],
  current: string | undefined,
  by: 1 | -1
): T | undefined {
  const at = items.findIndex(({ id }) => id === current)
  if (at < 0) return items.at(by === 1 ? 0 : -1)
  return items.at((at + by) % items.length)
}
