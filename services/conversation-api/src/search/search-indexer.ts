import type { DurableEvent } from '@parley/contracts'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { EventSink } from '../changes/conversation-line.ts'
import type { Database } from '../database/database.ts'
import { findUnindexed, indexMessages } from './search-index-store.ts'

/** Messages are gathered for so long before they are indexed. */
const INDEX_AFTER_MS = 300
/** How often the indexer looks for what it was not told of: messages of instances that crashed, another language. */
const SWEEP_EVERY_MS = 60_000
/** Times what the last round took. */
const REST = 2
/** Conversations in one transaction. */
const BATCH = 16
/** Conversations that are known to wait; what is beyond is found by the next sweep. */
const MAX_WAITING = 10_000

/**
 * Brings new messages into the search index, behind the senders' backs: a message is found about half a second after it was sent.
 * Under load it rests twice as long as it works, so that the index falls further behind before the writer does. Every instance runs one;
 * a conversation is indexed by one at a time. Edits and erasures do not wait for it: a trigger follows them.
 */
export class SearchIndexer implements EventSink {
  readonly #db: Kysely<Database>
  readonly #language: string
  readonly #logger: Logger
  readonly #waiting = new Set<string>()
  /** Where the sweep goes on; null: from the beginning, when it is due. */
  #swept: string | null = null
  #sweep_at = 0
  #timer: NodeJS.Timeout | undefined
  #due = Number.POSITIVE_INFINITY
  #round: Promise<void> | undefined
  #running = false

  constructor(db: Kysely<Database>, language: string, logger: Logger) {
    this.#db = db
    this.#language = language
    this.#logger = logger
  }

  /** Conversations that are known to have messages to be indexed. */
  get waiting(): number {
    return this.#waiting.size
  }

  start(): void {
    this.#running = true
    this.#schedule(0)
  }

  /** Takes note of committed messages. */
  push(events: readonly DurableEvent[]): void {
    for (const { kind, conversation_id } of events) {
      if (kind === 'message.created' && this.#waiting.size < MAX_WAITING) this.#waiting.add(conversation_id)
    }
    if (this.#waiting.size > 0 && !this.#round) this.#schedule(INDEX_AFTER_MS)
  }

  /** Indexes what waits, once around. */
  async index(): Promise<void> {
    if (performance.now() >= this.#sweep_at) await this.#sweep()
    const batch = [...this.#waiting].slice(0, BATCH)
    for (const id of batch) this.#waiting.delete(id)
    if (batch.length === 0) return
    try {
      for (const id of await indexMessages(this.#db, this.#language, batch)) this.#waiting.add(id)
    } catch (error) {
      for (const id of batch) this.#waiting.add(id)
      throw error
    }
  }

  async #sweep(): Promise<void> {
    do {
      const found = await findUnindexed(this.#db, this.#language, this.#swept)
      for (const id of found.conversation_ids) this.#waiting.add(id)
      this.#swept = found.reached
    } while (this.#swept !== null && this.#waiting.size < MAX_WAITING)
    this.#sweep_at = this.#swept === null ? performance.now() + SWEEP_EVERY_MS : 0
  }

  #schedule(ms: number): void {
    const due = performance.now() + ms
    if (!this.#running || this.#due <= due) return
    clearTimeout(this.#timer)
    this.#due = due
    this.#timer = setTimeout(() => {
      this.#due = Number.POSITIVE_INFINITY
      this.#round = this.#work()
    }, ms)
  }

  async #work(): Promise<void> {
    const began = performance.now()
    let rest = SWEEP_EVERY_MS
    try {
      await this.index()
      if (this.#waiting.size > 0) rest = Math.max(INDEX_AFTER_MS, REST * (performance.now() - began))
    } catch (error) {
      rest = 1_000
      this.#logger.warn({ err: error }, 'search.index_failed')
    }
    this.#round = undefined
    this.#schedule(rest)
  }

  /** Resolves when nothing is in flight; what waits is found by the next start. */
  async close(): Promise<void> {
    this.#running = false
    clearTimeout(this.#timer)
    await this.#round
  }
}
