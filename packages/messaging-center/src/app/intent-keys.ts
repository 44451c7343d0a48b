/**
 * Idempotency keys for what somebody wants: the same wish keeps its key, so that asking twice does it once; another wish gets another.
 *
 * @example
 * const keyOf = intentKeys()
 * await rest('POST conversations/', wanted, { key: keyOf(wanted) })
 */
export function intentKeys(): (intent: unknown) => string {
  const keys = new Map<string, string>()
  return (intent) => {
    const name = JSON.stringify(intent)
    const key = keys.get(name) ?? crypto.randomUUID()
    keys.set(name, key)
    return key
  }
}
