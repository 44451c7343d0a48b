/** `target` with some of its methods replaced; the others are its own. */
export function override<T extends object>(target: T, changes: Partial<T>): T {
  return new Proxy(target, {
    get(of, key) {
      const changed: unknown = Reflect.get(changes, key)
      if (changed !== undefined) return changed
      const value: unknown = Reflect.get(of, key, of)
      return typeof value === 'function' ? value.bind(of) : value
    }
  })
}
