/** A rate with a burst. Example: `const wait = bucket.take(); if (wait > 0) …` */
export class TokenBucket {
  readonly #per_ms: number
  readonly #burst: number
  #tokens: number
  #at = performance.now()

  constructor(per_second: number, burst: number) {
    this.#per_ms = per_second / 1000
    this.#burst = burst
    this.#tokens = burst
  }

  /** 0 when a token was taken, else the milliseconds until there is one. */
  take(): number {
    this.#refill()
    if (this.#tokens >= 1) {
      this.#tokens--
      return 0
    }
    return Math.ceil((1 - this.#tokens) / this.#per_ms)
  }

  /** Nothing was taken for so long that it is as good as new. */
  get full(): boolean {
    this.#refill()
    return this.#tokens === this.#burst
  }

  #refill(): void {
    const now = performance.now()
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#at) * this.#per_ms)
    this.#at = now
  }
}
