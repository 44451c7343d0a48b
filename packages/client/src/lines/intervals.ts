/** Whole numbers as ascending stretches: added at the end, taken out one by one. */
export class Intervals {
  #stretches: { from: number; to: number }[] = []

  get isEmpty(): boolean {
    return this.#stretches.length === 0
  }

  /** Adds `from` to `to`, both included; they must be beyond everything added before. */
  add(from: number, to: number): void {
    if (from <= to) this.#stretches.push({ from, to })
  }

  /** Takes `n` out; false if it was not in. */
  take(n: number): boolean {
    const at = this.#find(n)
    const found = this.#stretches[at]
    if (!found || n < found.from) return false
    const parts = [
      { from: found.from, to: n - 1 },
      { from: n + 1, to: found.to }
    ]
    this.#stretches.splice(at, 1, ...parts.filter(({ from, to }) => from <= to))
    return true
  }

  clear(): void {
    this.#stretches = []
  }

  /** The first stretch that ends at `n` or beyond. */
  #find(n: number): number {
    let low = 0
    let high = this.#stretches.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#stretches[middle]?.to ?? n) < n) low = middle + 1
      else high = middle
    }
    return low
  }
}
