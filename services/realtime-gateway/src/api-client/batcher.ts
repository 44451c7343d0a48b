import { ProblemError } from '@parley/contracts'

interface Waiting<In, Out> {
  item: In
  resolve: (result: Out) => void
  reject: (error: unknown) => void
}

interface BatcherOptions<In, Out> {
  /** Answers in the order asked. */
  call: (items: In[]) => Promise<Out[]>
  /** Items of one call. */
  max_items: number
  calls_in_flight: number
  /** Beyond so many waiting items more are refused. */
  max_waiting: number
}

/**
 * What is asked in one event-loop turn travels in one call; what is asked while calls are in flight, in the next. A lone item
 * waits for no timer.
 */
export class Batcher<In, Out> {
  readonly #options: BatcherOptions<In, Out>
  readonly #waiting: Waiting<In, Out>[] = []
  #in_flight = 0
  #armed = false

  constructor(options: BatcherOptions<In, Out>) {
    this.#options = options
  }

  /** Nothing waits and nothing is in flight. */
  get idle(): boolean {
    return this.#waiting.length === 0 && this.#in_flight === 0
  }

  add(item: In): Promise<Out> {
    if (this.#waiting.length >= this.#options.max_waiting)
      return Promise.reject(new ProblemError('overloaded', { retry_after_ms: 1_000 }))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      this.#arm()
    })
  }

  #arm(): void {
    if (this.#armed || this.#in_flight >= this.#options.calls_in_flight) return
    this.#armed = true
    setImmediate(() => {
      this.#armed = false
      while (this.#waiting.length > 0 && this.#in_flight < this.#options.calls_in_flight) void this.#call()
    })
  }

  async #call(): Promise<void> {
    const batch = this.#waiting.splice(0, this.#options.max_items)
    this.#in_flight++
    try {
      const results = await this.#options.call(batch.map(({ item }) => item))
      if (results.length !== batch.length)
        throw new Error(`${results.length} answers to ${batch.length} items`)
      for (const [n, { resolve }] of batch.entries()) resolve(results[n] as Out)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    } finally {
      this.#in_flight--
      if (this.#waiting.length > 0) this.#arm()
    }
  }
}
