import type { Id } from '@parley/contracts'
import type { Connection } from './connection.ts'
import { TokenBucket } from './token-bucket.ts'

interface UserEntry {
  connections: Set<Connection>
  /** Shared by all of a user's connections here. */
  sends: TokenBucket
}

/** Every connection of this gateway, to be found by user and by session. */
export class ConnectionRegistry {
  readonly #all = new Set<Connection>()
  readonly #users = new Map<Id, UserEntry>()
  readonly #sessions = new Map<Id, Set<Connection>>()
  readonly #sends: { per_second: number; burst: number }

  constructor(sends: { per_second: number; burst: number }) {
    this.#sends = sends
  }

  get size(): number {
    return this.#all.size
  }

  [Symbol.iterator](): IterableIterator<Connection> {
    return this.#all.values()
  }

  add(connection: Connection): void {
    this.#all.add(connection)
    this.#entry(connection.user.id).connections.add(connection)
    const session = this.#sessions.get(connection.session_id) ?? new Set()
    this.#sessions.set(connection.session_id, session.add(connection))
  }

  remove(connection: Connection): void {
    this.#all.delete(connection)
    this.#users.get(connection.user.id)?.connections.delete(connection)
    const session = this.#sessions.get(connection.session_id)
    session?.delete(connection)
    if (session?.size === 0) this.#sessions.delete(connection.session_id)
  }

  ofUser(id: Id): ReadonlySet<Connection> {
    return this.#users.get(id)?.connections ?? none
  }

  ofSession(id: Id): ReadonlySet<Connection> {
    return this.#sessions.get(id) ?? none
  }

  sessions(): Id[] {
    return [...this.#sessions.keys()]
  }

  /** 0 when the user may send now, else the milliseconds until it may. */
  takeSend(user: Id): number {
    return this.#entry(user).sends.take()
  }

  /** Forgets users who left, once their rate would be fresh anyway. */
  tidy(): void {
    for (const [id, { connections, sends }] of this.#users)
      if (connections.size === 0 && sends.full) this.#users.delete(id)
  }

  #entry(user: Id): UserEntry {
    const known = this.#users.get(user)
    if (known) return known
    const entry = {
      connections: new Set<Connection>(),
      sends: new TokenBucket(this.#sends.per_second, this.#sends.burst)
    }
    this.#users.set(user, entry)
    return entry
  }
}

const none: ReadonlySet<Connection> = new Set()
