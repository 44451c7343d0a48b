import { ProblemError } from '@parley/contracts'

interface Waiting<In, Out> {
  order: number | undefined
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
  /** Beyond so many waiting items more are refused, as `overloaded`. */
  max_waiting: number
}

/**
 * What is asked in one event-loop turn travels in one call; what is asked while all calls are in flight, in the next. A lone item waits
 * for no timer. Of one `order`, such as a connection, nothing is in two calls at a time: what it asks is carried out in its order.
 *
 * @example
 * const result = await batcher.add(command, connection.number)
 */
export class Batcher<In, Out> {
  readonly #options: BatcherOptions<In, Out>
  #waiting: Waiting<In, Out>[] = []
  /** Orders that are in a call. */
  readonly #busy = new Set<number>()
  #in_flight = 0
  #armed = false

  constructor(options: BatcherOptions<In, Out>) {
    this.#options = options
  }

  /** Nothing waits and nothing is in flight. */
  get idle(): boolean {
    return this.#waiting.length === 0 && this.#in_flight === 0
  }

  add(item: In, order?: number): Promise<Out> {
    if (this.#waiting.length >= this.#options.max_waiting)
      return Promise.reject(new ProblemError('overloaded', { retry_after_ms: 1_000 }))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ order, item, resolve, reject })
      this.#arm()
    })
  }

  #arm(): void {
    if (this.#armed || this.#in_flight >= this.#options.calls_in_flight) return
    this.#armed = true
    setImmediate(() => {
      this.#armed = false
      while (this.#in_flight < this.#options.calls_in_flight) {
        const batch = this.#take()
        // What is held back by a call comes when that call ends.
        if (batch.length === 0) break
        void this.#call(batch)
      }
    })
  }

  /** Whatever may go now, in the order in which it came. */
  #take(): Waiting<In, Out>[] {
    const { max_items } = this.#options
    const batch: Waiting<In, Out>[] = []
    const held: Waiting<In, Out>[] = []
    for (const one of this.#waiting)
      if (batch.length < max_items && !(one.order !== undefined && this.#busy.has(one.order))) batch.push(one)
      else held.push(one)
    this.#waiting = held
    return batch
  }

  async #call(batch: Waiting<In, Out>[]): Promise<void> {
    this.#in_flight++
    for (const { order } of batch) if (order !== undefined) this.#busy.add(order)
    try {
      const results = await this.#options.call(batch.map(({ item }) => item))
      if (results.length !== batch.length)
        throw new Error(`${results.length} answers to ${batch.length} items`)
      for (const [n, { resolve }] of batch.entries()) resolve(results[n] as Out)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    } finally {
      this.#in_flight--
      for (const { order } of batch) if (order !== undefined) this.#busy.delete(order)
      if (this.#waiting.length > 0) this.#arm()
    }
  }
}
