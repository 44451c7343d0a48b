import type { Logger } from 'pino'

export interface TurnEndJob {
  run(): void
}

/**
 * Runs each job once at the end of the event-loop turn it was added in: what arrives together is handled together, and what
 * arrives alone waits for no timer. A job added while jobs run is run in the next turn.
 */
export class TurnEnd {
  #jobs = new Set<TurnEndJob>()
  readonly #logger: Logger

  constructor(logger: Logger) {
    this.#logger = logger
  }

  add(job: TurnEndJob): void {
    if (this.#jobs.size === 0) setImmediate(() => this.#run())
    this.#jobs.add(job)
  }

  #run(): void {
    const jobs = this.#jobs
    this.#jobs = new Set()
    for (const job of jobs) {
      try {
        job.run()
      } catch (error) {
        // One room's failure must not cost the others their turn.
        this.#logger.error({ err: error }, 'turn failed')
      }
    }
  }
}
