/**
 * Whether sessions and memberships are known to be good: true for `unconfirmed_ms` after the api last answered a beat. Asked
 * before anything is written, so that a process that was stopped for a minute writes nothing when it wakes.
 */
export class Confirmation {
  readonly #unconfirmed_ms: number
  readonly #onLapse: () => void
  #confirmed_at = performance.now()
  #lapsed = false

  constructor(unconfirmed_ms: number, onLapse: () => void) {
    this.#unconfirmed_ms = unconfirmed_ms
    this.#onLapse = onLapse
  }

  /** A beat that was sent at `asked_at` (monotonic clock) succeeded. */
  confirm(asked_at: number): void {
    this.#confirmed_at = Math.max(this.#confirmed_at, asked_at)
    if (performance.now() - this.#confirmed_at <= this.#unconfirmed_ms) this.#lapsed = false
  }

  holds(): boolean {
    if (!this.#lapsed && performance.now() - this.#confirmed_at > this.#unconfirmed_ms) {
      this.#lapsed = true
      this.#onLapse()
    }
    return !this.#lapsed
  }
}
