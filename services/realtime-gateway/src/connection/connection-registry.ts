import type { Id } from '@parley/contracts'
import type { Connection } from './connection.ts'
import { ConnectionIndex } from './connection-index.ts'
import { TokenBucket } from './token-bucket.ts'

/** Every connection of this gateway, to be found by user and by session. */
export class ConnectionRegistry {
  readonly #all = new Set<Connection>()
  readonly #users = new ConnectionIndex()
  readonly #sessions = new ConnectionIndex()
  /** Of users who have sent something; shared by all of a user's connections here. */
  readonly #sends = new Map<Id, TokenBucket>()
  readonly #rate: { per_second: number; burst: number }

  constructor(sends: { per_second: number; burst: number }) {
    this.#rate = sends
  }

  get size(): number {
    return this.#all.size
  }

  [Symbol.iterator](): IterableIterator<Connection> {
    return this.#all.values()
  }

  add(connection: Connection): void {
    this.#all.add(connection)
    this.#users.add(connection.user.id, connection)
    this.#sessions.add(connection.session_id, connection)
  }

  remove(connection: Connection): void {
    this.#all.delete(connection)
    this.#users.remove(connection.user.id, connection)
    this.#sessions.remove(connection.session_id, connection)
  }

  countOfUser(id: Id): number {
    return this.#users.countOf(id)
  }

  ofUser(id: Id): Connection[] {
    return this.#users.of(id)
  }

  ofSession(id: Id): Connection[] {
    return this.#sessions.of(id)
  }

  sessions(): IterableIterator<Id> {
    return this.#sessions.keys()
  }

  /** 0 when the user may send now, else the milliseconds until it may. */
  takeSend(user: Id): number {
    const known = this.#sends.get(user)
    if (known) return known.take()
    const { per_second, burst } = this.#rate
    const bucket = new TokenBucket(per_second, burst)
    this.#sends.set(user, bucket)
    return bucket.take()
  }

  /** Forgets the rates of users that would be fresh anyway. */
  tidy(): void {
    for (const [id, bucket] of this.#sends) if (bucket.full) this.#sends.delete(id)
  }
}
