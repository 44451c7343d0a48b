import { Pool } from 'undici'

/** An address that failed is asked last for so long. */
const SHUNNED_MS = 1_000

interface Address {
  pool: Pool
  failed_at: number
}

/** Several instances of one service: asked in turn, one that failed a moment ago only if no other is left. */
export class AddressList {
  readonly #addresses: Address[]
  #turn = 0

  constructor(urls: readonly string[], options: Pool.Options) {
    this.#addresses = urls.map((url) => ({
      pool: new Pool(new URL(url).origin, options),
      failed_at: Number.NEGATIVE_INFINITY
    }))
  }

  /** Every address once, the best first. */
  inOrder(): Address[] {
    const start = this.#turn++ % this.#addresses.length
    const rotated = [...this.#addresses.slice(start), ...this.#addresses.slice(0, start)]
    const fresh = performance.now() - SHUNNED_MS
    return [
      ...rotated.filter(({ failed_at }) => failed_at < fresh),
      ...rotated.filter(({ failed_at }) => failed_at >= fresh)
    ]
  }

  async close(): Promise<void> {
    await Promise.all(this.#addresses.map(({ pool }) => pool.destroy()))
  }
}
