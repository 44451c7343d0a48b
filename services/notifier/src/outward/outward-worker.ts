import type { Logger } from 'pino'

/** Deliveries taken at once, and how many of them are under way together. */
const TAKEN = 64
const TOGETHER = 16
/** How often it is looked for what is due, in milliseconds. */
const LOOK_EVERY_MS = 1_000

interface Work<Job, Outcome> {
  /** Names it in the log. */
  name: string
  take: (limit: number) => Promise<Job[]>
  /** Never rejects. */
  send: (job: Job) => Promise<Outcome>
  settle: (outcomes: Outcome[]) => Promise<void>
  logger: Logger
}

/** Takes what is due from the api's queue, sends it, and settles it, until it is closed. */
export class OutwardWorker<Job, Outcome> {
  readonly #work: Work<Job, Outcome>
  readonly #running: Promise<void>
  #closed = false
  #failing = false
  #wake: () => void = () => {}

  constructor(work: Work<Job, Outcome>) {
    this.#work = work
    this.#running = this.#run()
  }

  /** Something may be due. */
  wake(): void {
    this.#wake()
  }

  /** After what it has in hand. */
  async close(): Promise<void> {
    this.#closed = true
    this.#wake()
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      const full = await this.#round()
      if (!full) await this.#pause()
    }
  }

  /** True where there may be more. */
  async #round(): Promise<boolean> {
    const { name, take, settle, logger } = this.#work
    try {
      const jobs = await take(TAKEN)
      if (jobs.length > 0) await settle(await this.#sendAll(jobs))
      this.#failing = false
      return jobs.length === TAKEN
    } catch (error) {
      // Once a second, while the api is away: only the first one is news. What was taken comes again.
      if (!this.#failing) logger.warn({ err: error, queue: name }, 'outward.queue_failed')
      this.#failing = true
      return false
    }
  }

  async #sendAll(jobs: Job[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = []
    const waiting = jobs.values()
    const lane = async () => {
      for (const job of waiting) outcomes.push(await this.#work.send(job))
    }
    await Promise.all(Array.from({ length: TOGETHER }, lane))
    return outcomes
  }

  #pause(): Promise<void> {
    if (this.#closed) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_EVERY_MS)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
