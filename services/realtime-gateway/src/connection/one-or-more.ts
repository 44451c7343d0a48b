/**
 * A map that mostly holds one entry, and then is no more than that: most sockets listen to one room, most sessions have one
 * socket. A `Map` with its table takes 220 bytes, this about 50.
 */
export class OneOrMore<K, V> {
  #key: K | undefined
  #value: V | undefined
  #all: Map<K, V> | undefined

  get size(): number {
    return this.#all?.size ?? (this.#value === undefined ? 0 : 1)
  }

  get(key: K): V | undefined {
    if (this.#all) return this.#all.get(key)
    return this.#key === key ? this.#value : undefined
  }

  has(key: K): boolean {
    return this.get(key) !== undefined
  }

  set(key: K, value: V): void {
    if (this.#all) this.#all.set(key, value)
    else if (this.#value === undefined || this.#key === key) {
      this.#key = key
      this.#value = value
    } else {
      this.#all = new Map<K, V>([
        [this.#key as K, this.#value],
        [key, value]
      ])
      this.#key = undefined
      this.#value = undefined
    }
  }

  delete(key: K): void {
    if (this.#all) this.#all.delete(key)
    else if (this.#key === key) this.clear()
  }

  clear(): void {
    this.#all = undefined
    this.#key = undefined
    this.#value = undefined
  }

  /** As they are at this moment: whoever goes through them may change the map. */
  values(): V[] {
    if (this.#all) return [...this.#all.values()]
    return this.#value === undefined ? [] : [this.#value]
  }
}
