import { Pool } from 'undici'

/** An address that failed is asked last for so long; one that did not answer at all costs a whole timeout to try again. */
const SHUNNED_MS = 1_000
const SHUNNED_SILENT_MS = 10_000

interface Address {
  pool: Pool
  shunned_until: number
}

/** Several instances of one service: asked in turn, one that failed a moment ago only if no other is left. */
export class AddressList {
  readonly #addresses: Address[]
  #turn = 0

  constructor(urls: readonly string[], options: Pool.Options) {
    this.#addresses = urls.map((url) => ({
      pool: new Pool(new URL(url).origin, options),
      shunned_until: Number.NEGATIVE_INFINITY
    }))
  }

  /** Every address once, the best first. */
  inOrder(): Address[] {
    const start = this.#turn++ % this.#addresses.length
    const rotated = [...this.#addresses.slice(start), ...this.#addresses.slice(0, start)]
    const now = performance.now()
    return [
      ...rotated.filter(({ shunned_until }) => shunned_until < now),
      ...rotated.filter(({ shunned_until }) => shunned_until >= now)
    ]
  }

  /** It failed just now; `silent` where it took the request and gave no answer in time. */
  shun(address: Address, silent: boolean): void {
    address.shunned_until = performance.now() + (silent ? SHUNNED_SILENT_MS : SHUNNED_MS)
  }

  async close(): Promise<void> {
    await Promise.all(this.#addresses.map(({ pool }) => pool.destroy()))
  }
}
