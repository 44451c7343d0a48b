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
  #spent_ms = 0
  #at = performance.now()

  constructor(longest_ms: number) {
    this.#longest_ms = longest_ms
  }

  /** So many events were written, one write a socket for all of them, in `ms`. Returns how long to wait before the next write. */
  note(events: number, ms: number): number {
    const now = performance.now()
    this.#spent_ms = this.#spent_ms * Math.exp((this.#at - now) / MEMORY_MS) + events * ms
    this.#at = now
    const share = this.#spent_ms / MEMORY_MS
    return this.#longest_ms * Math.min(1, Math.max(0, (share - OPENS_AT) / (WIDE_AT - OPENS_AT)))
  }
}
