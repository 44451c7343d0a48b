import { randomUUIDv7 } from 'node:crypto'
import type { ConversationApi, PresenceChange } from '@parley/contracts'
import type { Logger } from 'pino'
import type { Tuning } from '../tuning.ts'
import type { PresenceBook } from './presence-book.ts'

interface ReporterOptions {
  api: Pick<ConversationApi, 'presence'>
  book: PresenceBook
  tuning: Tuning
  logger: Logger
  /** False while nothing may be written to sockets: what changed is asked for again. */
  mayTell: () => boolean
  tell: (changes: readonly PresenceChange[]) => void
}

/**
 * Tells the api once a second who came and went here, which renews this gateway's lease, and hears whose presence changed anywhere.
 * What could not be told is told the next time; a lease that ran out is begun again with everyone who is here.
 */
export class PresenceReporter {
  readonly #options: ReporterOptions
  readonly #gateway_id = randomUUIDv7()
  readonly #timer: NodeJS.Timeout
  #report = 0
  #known = false
  #since: number | null = null
  #asking = false
  #failing = false

  constructor(options: ReporterOptions) {
    this.#options = options
    this.#timer = setInterval(() => void this.#tick(), options.tuning.presence_ms)
    void this.#tick()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #tick(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    try {
      await this.#ask()
      this.#failing = false
    } catch (error) {
      if (!this.#failing) this.#options.logger.warn({ err: error }, 'presence not reported')
      this.#failing = true
      // Nobody knows whether it was taken in.
      this.#known = false
    } finally {
      this.#asking = false
    }
  }

  async #ask(): Promise<void> {
    const { api, book, mayTell, tell } = this.#options
    const full = !this.#known
    const users = full ? book.everyone() : book.changes()
    const report = { gateway_id: this.#gateway_id, report: ++this.#report, full, users, since: this.#since }
    const { known, head, changes } = await api.presence(report)
    this.#known = known
    if (known) book.reported(users)
    if (!mayTell()) return
    this.#since = head
    tell(changes)
  }
}
