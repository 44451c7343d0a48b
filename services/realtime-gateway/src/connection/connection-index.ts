import type { Id } from '@parley/contracts'
import type { Connection } from './connection.ts'

/** Connections by what they have in common. Most keys have one connection, and then no set: that saves 220 bytes each. */
export class ConnectionIndex {
  readonly #entries = new Map<Id, Connection | Set<Connection>>()

  add(key: Id, connection: Connection): void {
    const entry = this.#entries.get(key)
    if (entry instanceof Set) entry.add(connection)
    else this.#entries.set(key, entry ? new Set([entry, connection]) : connection)
  }

  remove(key: Id, connection: Connection): void {
    const entry = this.#entries.get(key)
    if (entry instanceof Set) entry.delete(connection)
    if (entry === connection || (entry instanceof Set && entry.size === 0)) this.#entries.delete(key)
  }

  countOf(key: Id): number {
    const entry = this.#entries.get(key)
    if (entry instanceof Set) return entry.size
    return entry ? 1 : 0
  }

  /** As they are at this moment: whoever goes through them may close them. */
  of(key: Id): Connection[] {
    const entry = this.#entries.get(key)
    if (entry instanceof Set) return [...entry]
    return entry ? [entry] : []
  }

  keys(): IterableIterator<Id> {
    return this.#entries.keys()
  }
}
