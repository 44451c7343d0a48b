import { type DurableEvent, limits } from '@parley/contracts'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Database } from '../database/database.ts'
import { deleteOrphans, eraseFiles } from './attachment-store.ts'
import type { FileStorage } from './file-storage.ts'
import { sweepIncoming } from './incoming-file.ts'
import { thumbnailOf } from './upload.ts'

const SWEEP_EVERY_MS = 60_000
/** After a deletion. */
const ERASE_AFTER_MS = 100
/** No upload takes as long. */
const INCOMING_MS = 3_600_000
/** Files erased in one transaction. */
const BATCH = 50

/**
 * Erases files: of deleted messages right away, of uploads that were never sent after a day, and what crashes left over. Every
 * instance runs one; a file is erased by one of them.
 */
export class AttachmentSweeper {
  readonly #db: Kysely<Database>
  readonly #files: { storage: FileStorage; incoming: string }
  readonly #logger: Logger
  #timer: NodeJS.Timeout | undefined
  #sweep: Promise<void> | undefined
  #again = false
  #running = false

  constructor(db: Kysely<Database>, files: { storage: FileStorage; incoming: string }, logger: Logger) {
    this.#db = db
    this.#files = files
    this.#logger = logger
  }

  start(): void {
    this.#running = true
    this.#schedule(0)
  }

  /** Hears of committed deletions. */
  push(events: readonly DurableEvent[]): void {
    if (!events.some(({ kind }) => kind === 'message.deleted')) return
    if (this.#sweep) this.#again = true
    else this.#schedule(ERASE_AFTER_MS)
  }

  /** Once around. */
  async sweep(orphan_ms: number = limits.attachments_unsent_ms): Promise<void> {
    await deleteOrphans(this.#db, orphan_ms)
    const { storage, incoming } = this.#files
    const erase = async (id: string) => {
      await storage.remove(thumbnailOf(id))
      await storage.remove(id)
    }
    while ((await eraseFiles(this.#db, BATCH, erase)) === BATCH);
    await sweepIncoming(incoming, INCOMING_MS)
  }

  #schedule(ms: number): void {
    if (!this.#running) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#again = false
      this.#sweep = this.sweep()
        .catch((error: unknown) => this.#logger.warn({ err: error }, 'attachments.sweep_failed'))
        .then(() => {
          this.#sweep = undefined
          this.#schedule(this.#again ? ERASE_AFTER_MS : SWEEP_EVERY_MS)
        })
    }, ms)
  }

  /** Resolves when nothing is in flight. */
  async close(): Promise<void> {
    this.#running = false
    clearTimeout(this.#timer)
    await this.#sweep
  }
}
