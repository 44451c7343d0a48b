/** How often full buckets are forgotten, in milliseconds. */
const SWEEP_EVERY_MS = 10_000

interface Bucket {
  tokens: number
  /** Milliseconds, on a monotonic clock. */
  at: number
}

/**
 * A token bucket per key, in memory. Example:
 * `const wait_ms = new TokenBuckets({ per_second: 20, burst: 40 }).take('alice')`
 */
export class TokenBuckets {
  readonly #per_ms: number
  readonly #burst: number
  readonly #buckets = new Map<string, Bucket>()
  #swept = 0

  constructor({ per_second, burst }: { per_second: number; burst: number }) {
    this.#per_ms = per_second / 1000
    this.#burst = burst
  }

  /** Takes one token. 0, or the milliseconds until there is one. */
  take(key: string, now = performance.now()): number {
    if (now - this.#swept > SWEEP_EVERY_MS) this.#sweep(now)
    const bucket = this.#buckets.get(key) ?? { tokens: this.#burst, at: now }
    bucket.tokens = this.#tokens(bucket, now)
    bucket.at = now
    this.#buckets.set(key, bucket)
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / this.#per_ms)
    bucket.tokens -= 1
    return 0
  }

  #tokens({ tokens, at }: Bucket, now: number): number {
    return Math.min(this.#burst, tokens + (now - at) * this.#per_ms)
  }

  #sweep(now: number): void {
    this.#swept = now
    for (const [key, bucket] of this.#buckets) {
      if (this.#tokens(bucket, now) >= this.#burst) this.#buckets.delete(key)
    }
  }
}
