import type { Id, PresenceStatus } from '@parley/contracts'
import type { Connection } from '../connection/connection.ts'

type Here = Exclude<PresenceStatus, 'offline'>

interface Entry {
  connections: Map<Connection, Here>
  /** What the api was told last. */
  reported: PresenceStatus
  /** When the last connection closed, on the monotonic clock. */
  left_at: number
}

/**
 * Who is connected here, as the best of their connections: online beats away beats offline. Keeps account of what the api has yet to
 * be told. Whoever leaves stays for a while, so that a page that is loaded again or a client that moves does not flicker.
 */
export class PresenceBook {
  readonly #users = new Map<Id, Entry>()
  readonly #changed = new Set<Id>()
  readonly #linger_ms: number

  constructor(linger_ms: number) {
    this.#linger_ms = linger_ms
  }

  opened(connection: Connection): void {
    this.say(connection, 'online')
  }

  say(connection: Connection, status: Here): void {
    this.#entry(connection.user.id).connections.set(connection, status)
    this.#changed.add(connection.user.id)
  }

  closed(connection: Connection, now = performance.now()): void {
    const entry = this.#users.get(connection.user.id)
    if (!entry?.connections.delete(connection)) return
    entry.left_at = now
    this.#changed.add(connection.user.id)
  }

  /** Whose status is not what was reported. */
  changes(now = performance.now()): Record<Id, PresenceStatus> {
    const changes: Record<Id, PresenceStatus> = {}
    for (const id of this.#changed) {
      const entry = this.#users.get(id)
      const status = entry && this.#statusOf(entry, now)
      if (entry && status !== undefined && status !== entry.reported) changes[id] = status
      else if (entry && entry.connections.size > 0) this.#changed.delete(id)
      else if (status === 'offline') this.#forget(id)
    }
    return changes
  }

  /** Everyone who is here, for an api that knows nothing of us. */
  everyone(now = performance.now()): Record<Id, PresenceStatus> {
    const all: Record<Id, PresenceStatus> = {}
    for (const [id, entry] of this.#users) {
      const status = this.#statusOf(entry, now)
      if (status === 'offline') this.#forget(id)
      else all[id] = status
    }
    return all
  }

  /** The api has taken these in. */
  reported(statuses: Readonly<Record<Id, PresenceStatus>>): void {
    for (const [id, status] of Object.entries(statuses)) {
      const entry = this.#users.get(id)
      if (entry) entry.reported = status
    }
  }

  #statusOf({ connections, left_at, reported }: Entry, now: number): PresenceStatus {
    if (connections.size === 0) return now - left_at < this.#linger_ms ? reported : 'offline'
    return [...connections.values()].includes('online') ? 'online' : 'away'
  }

  #entry(id: Id): Entry {
    const known = this.#users.get(id)
    if (known) return known
    const entry: Entry = { connections: new Map(), reported: 'offline', left_at: 0 }
    this.#users.set(id, entry)
    return entry
  }

  #forget(id: Id): void {
    this.#users.delete(id)
    this.#changed.delete(id)
  }
}
