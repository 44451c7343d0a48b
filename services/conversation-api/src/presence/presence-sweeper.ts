import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from '../database/database.ts'
import { LEASE_MS } from './presence-report.ts'
import { combineLeases, endExpiredLeases, hasExpiredLeases, lockPresence } from './presence-store.ts'

const SWEEP_EVERY_MS = 2_000
/** Gateways get so long to renew their leases after a time in which no api could. */
const SETTLE_MS = 6_000

/** Ends the leases of gateways that report no more, so that their users are offline. Every api instance sweeps. */
export class PresenceSweeper {
  readonly #db: Kysely<Database>
  readonly #logger: Logger
  #timer: NodeJS.Timeout | undefined
  #sweep: Promise<void> = Promise.resolve()
  #well_since: number | undefined
  #closed = false

  constructor(db: Kysely<Database>, logger: Logger) {
    this.#db = db
    this.#logger = logger
  }

  start(): void {
    this.#sweep = this.#round().then(() => {
      if (!this.#closed) this.#timer = setTimeout(() => this.start(), SWEEP_EVERY_MS)
    })
  }

  /** Resolves with how many users lost a lease. */
  async sweep(): Promise<number> {
    if (!(await hasExpiredLeases(this.#db))) return 0
    return this.#db.transaction().execute(async (tx) => {
      await lockPresence(tx)
      const user_ids = await endExpiredLeases(tx)
      await combineLeases(tx, user_ids, LEASE_MS)
      return user_ids.length
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#sweep
  }

  async #round(): Promise<void> {
    const began = performance.now()
    try {
      if (this.#well_since !== undefined && began - this.#well_since > SETTLE_MS) await this.sweep()
      else await hasExpiredLeases(this.#db)
      this.#well_since ??= began
    } catch (error) {
      this.#well_since = undefined
      this.#logger.warn({ err: error }, 'presence.sweep_failed')
    }
  }
}
