/** How long the meter looks back, in milliseconds. */
const MEMORY_MS = 100
/** Shares of the loop's time: from the first on a room waits before it writes again, from the second on as long as it may. */
const OPENS_AT = 0.75
const WIDE_AT = 1.25

/**
 * How much of the event loop's time it would take to write every event by itself, and so how long a room that has just written waits
 * before it writes again: events that come meanwhile share the next write. Only fewer writes cost less: one to a loopback socket is
 * 2.5 µs of CPU whatever is in it, eight events in one are 0.45 µs each. Below three quarters of the loop nobody waits.
 */
export class WriteLoad {
  readonly #longest_ms: number
  readonly #writeMs: () => number
  #spent_ms = 0
  #at = performance.now()

  /** `writeMs`: what a write costs at present; it is made at the turn's end, when whoever asked for it no longer looks at the clock. */
  constructor(longest_ms: number, writeMs: () => number) {
    this.#longest_ms = longest_ms
    this.#writeMs = writeMs
  }

  /** What so many writes cost at present, in milliseconds. */
  costOf(writes: number): number {
    return writes * this.#writeMs()
  }

  /** So many events went out together in so many writes. Returns how long to wait before the next ones. */
  note(events: number, writes: number): number {
    const now = performance.now()
    const ms = this.costOf(writes)
    this.#spent_ms = this.#spent_ms * Math.exp((this.#at - now) / MEMORY_MS) + events * ms
    this.#at = now
    const share = this.#spent_ms / MEMORY_MS
    return this.#longest_ms * Math.min(1, Math.max(0, (share - OPENS_AT) / (WIDE_AT - OPENS_AT)))
  }
}
