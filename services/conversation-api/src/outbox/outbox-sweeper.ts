import type { EventBus } from '@parley/event-bus'
import { type Kysely, sql } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from '../database/database.ts'
import type { OutboxRelay } from './outbox-relay.ts'
import { currentEpoch, leftovers, noteBroker, truncateSlotAhead } from './outbox-store.ts'

const SWEEP_EVERY_MS = 1_000
/** Younger rows are still in the relay's hands. */
const LEFT_AFTER_MS = 3_000
const BATCH = 1_000
/** Any number that is only ever locked for this. */
const SWEEPER_LOCK = 7_290_411

/**
 * Publishes what the relay could not: rows of crashed instances, of a broker that was away, and the last hour again when the
 * broker lost it. One instance at a time sweeps. A leftover goes out as a bare doorbell, without its frame: the change it
 * stands for may have been edited or deleted since, and gateways read what is there now.
 */
export class OutboxSweeper {
  readonly #db: Kysely<Database>
  readonly #bus: EventBus
  readonly #relay: OutboxRelay
  readonly #logger: Logger
  #timer: NodeJS.Timeout | undefined
  #sweep: Promise<void> = Promise.resolve()
  #closed = false

  constructor(db: Kysely<Database>, bus: EventBus, relay: OutboxRelay, logger: Logger) {
    this.#db = db
    this.#bus = bus
    this.#relay = relay
    this.#logger = logger
  }

  start(): void {
    this.#sweep = this.sweep()
      .catch((error) => this.#logger.warn({ err: error }, 'outbox.sweep_failed'))
      .then(() => {
        if (!this.#closed) this.#timer = setTimeout(() => this.start(), SWEEP_EVERY_MS)
      })
  }

  /** One round. Resolves with how many leftovers were published. */
  async sweep(): Promise<number> {
    const stream = await this.#bus.inspectStream()
    if (!stream) return 0
    const led = await this.#db.transaction().execute(async (tx) => {
      const { rows } = await sql<{
        led: boolean
      }>`select pg_try_advisory_xact_lock(${SWEEPER_LOCK}) as led`.execute(tx)
      if (!rows[0]?.led) return false
      const { epoch, lost } = await noteBroker(tx, stream)
      if (lost) this.#logger.info({ epoch }, 'outbox.broker_lost_events')
      this.#relay.epoch = epoch
      return true
    })
    if (!led) {
      this.#relay.epoch = await currentEpoch(this.#db)
      return 0
    }
    await truncateSlotAhead(this.#db)
    return await this.#publishLeftovers()
  }

  async #publishLeftovers(): Promise<number> {
    let published = 0
    for (;;) {
      const rows = await leftovers(this.#db, LEFT_AFTER_MS, BATCH)
      if (rows.length === 0) return published
      const doorbells = rows.map((row) => ({ ...row, prev: row.seq - 1, frame: Buffer.alloc(0) }))
      const stored = await this.#relay.publish(doorbells)
      await this.#relay.settled()
      published += stored
      if (stored < rows.length || this.#closed) return published
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#sweep
  }
}
