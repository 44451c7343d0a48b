import type { Clock } from '../src/connection/connection.ts'

/** Time that passes only when it is told to. Promises that timers set off are given their turns in between. */
export class ManualClock implements Clock {
  #now = 1_000_000
  #timers: { at: number; call: () => void }[] = []

  now(): number {
    return this.#now
  }

  setTimeout(call: () => void, ms: number): unknown {
    const timer = { at: this.#now + ms, call }
    this.#timers.push(timer)
    return timer
  }

  clearTimeout(timer: unknown): void {
    this.#timers = this.#timers.filter((one) => one !== timer)
  }

  async pass(ms: number): Promise<void> {
    const end = this.#now + ms
    await turns()
    for (let due = this.#next(end); due; due = this.#next(end)) {
      this.clearTimeout(due)
      this.#now = due.at
      due.call()
      await turns()
    }
    this.#now = end
  }

  #next(end: number) {
    return this.#timers.filter(({ at }) => at <= end).toSorted((one, other) => one.at - other.at)[0]
  }
}

/** Lets every promise that is ready go on. */
export async function turns(): Promise<void> {
  for (let n = 0; n < 3; n++) await new Promise(setImmediate)
}
