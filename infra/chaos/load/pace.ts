import type { Population } from './population.ts'

export type Action = (population: Population) => Promise<unknown>

export interface PaceOptions {
  population: Population
  /** A second. */
  rate: number
  /** What is done, and how often in parts of the whole. */
  actions: readonly (readonly [parts: number, action: Action])[]
  /** Unanswered at a time; beyond it new ones are put off. */
  outstanding_max: number
}

const TICK_MS = 10
/** What could not be done for want of answers, or because this process stood still, is made up for in a burst, up to so much. */
const MADE_UP_FOR_MS = 3_000

/** Does `rate` things a second, on schedule whether or not earlier ones are answered. */
export class Pace {
  readonly #options: PaceOptions
  readonly #whole: number
  readonly #outstanding = new Set<Promise<unknown>>()
  readonly errors: unknown[] = []
  #timer: NodeJS.Timeout | undefined
  #due = 0

  constructor(options: PaceOptions) {
    this.#options = options
    this.#whole = options.actions.reduce((sum, [parts]) => sum + parts, 0)
  }

  get outstanding(): number {
    return this.#outstanding.size
  }

  start(): void {
    const { rate, outstanding_max } = this.#options
    let last = performance.now()
    this.#timer = setInterval(() => {
      const now = performance.now()
      this.#due = Math.min(this.#due + ((now - last) * rate) / 1_000, (MADE_UP_FOR_MS * rate) / 1_000)
      last = now
      for (; this.#due >= 1 && this.#outstanding.size < outstanding_max; this.#due--) this.#act()
    }, TICK_MS)
  }

  #act(): void {
    const { population } = this.#options
    const work = this.#choose()(population).catch((error: unknown) => this.errors.push(error))
    this.#outstanding.add(work)
    void work.finally(() => this.#outstanding.delete(work))
  }

  #choose(): Action {
    const { actions, population } = this.#options
    let point = population.random.next() * this.#whole
    for (const [parts, action] of actions) {
      point -= parts
      if (point < 0) return action
    }
    return async () => undefined
  }

  /** Nothing new is done; resolves when everything is answered or given up. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    while (this.#outstanding.size > 0) await Promise.all(this.#outstanding)
  }
}
