import type { BeatReply, BeatReport, ConversationApi } from '@parley/contracts'
import type { Logger } from 'pino'
import type { GatewayMetrics } from '../gateway-metrics.ts'
import type { Tuning } from '../tuning.ts'
import type { Confirmation } from './confirmation.ts'

interface BeatOptions {
  api: Pick<ConversationApi, 'beat'>
  tuning: Tuning
  confirmation: Confirmation
  metrics: GatewayMetrics
  logger: Logger
  report: () => BeatReport
  /** What moved since the report. */
  apply: (reply: BeatReply) => void
}

/**
 * Asks the api once a second what moved. It reveals what nothing else does: a lost last doorbell, a lost "you were added", a
 * paused or partitioned broker, an ended session. One call is in flight at a time.
 */
export class Beat {
  readonly #options: BeatOptions
  readonly #timer: NodeJS.Timeout
  #asking = false
  #failing = false

  constructor(options: BeatOptions) {
    this.#options = options
    this.#timer = setInterval(() => void this.#tick(), options.tuning.beat_ms)
    void this.#tick()
  }

  /** Whether the last beat succeeded. */
  get ok(): boolean {
    return !this.#failing
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #tick(): Promise<void> {
    const { api, confirmation, report, apply, metrics, logger } = this.#options
    confirmation.holds()
    if (this.#asking) return
    this.#asking = true
    const asked_at = performance.now()
    try {
      const reply = await api.beat(report())
      confirmation.confirm(asked_at)
      if (this.#failing) logger.info('beat succeeds again')
      this.#failing = false
      apply(reply)
    } catch (error) {
      metrics.failed_beats.inc()
      // Once a second, while the api is away: only the first one is news.
      if (!this.#failing) logger.warn({ err: error }, 'beat failed')
      this.#failing = true
    } finally {
      this.#asking = false
    }
  }
}
