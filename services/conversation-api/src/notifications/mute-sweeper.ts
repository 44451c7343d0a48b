import type { EventBus } from '@parley/event-bus'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from '../database/database.ts'
import { announceRooms } from '../users/rooms-changed.ts'
import { bumpRoomsVersions } from '../users/user-store.ts'
import { deleteExpiredMutes } from './mute-store.ts'

const SWEEP_EVERY_MS = 2_000
const BATCH = 500

/** Ends mutes whose time is over, and tells the gateways. Every api instance sweeps. */
export class MuteSweeper {
  readonly #db: Kysely<Database>
  readonly #bus: EventBus
  readonly #logger: Logger
  #timer: NodeJS.Timeout | undefined
  #sweep: Promise<void> = Promise.resolve()
  #closed = false

  constructor(db: Kysely<Database>, bus: EventBus, logger: Logger) {
    this.#db = db
    this.#bus = bus
    this.#logger = logger
  }

  start(): void {
    this.#sweep = this.sweep()
      .catch((error: unknown) => this.#logger.warn({ err: error }, 'mutes.sweep_failed'))
      .then(() => {
        if (!this.#closed) this.#timer = setTimeout(() => this.start(), SWEEP_EVERY_MS)
      })
  }

  async sweep(): Promise<void> {
    const versions = await this.#db.transaction().execute(async (tx) => {
      const user_ids = await deleteExpiredMutes(tx, BATCH)
      return user_ids.length === 0 ? [] : bumpRoomsVersions(tx, user_ids)
    })
    announceRooms(this.#bus, versions)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#sweep
  }
}
