import type { Dispatcher, Pool } from 'undici'

export interface Answer {
  status: number
  body: Buffer
}

const empty = Buffer.alloc(0)

/**
 * One request and its whole answer. undici's `request` makes each body a stream first: that is more than a quarter of the call's CPU (58 µs
 * against 41), and what it leaves behind was three quarters of what each garbage collection of a gateway had to copy.
 *
 * Rejects with undici's error where there is no answer, or not all of it.
 *
 * @example
 * const { status, body } = await ask(pool, { method: 'POST', path: '/internal/beat', headers, body: '{}' })
 */
export function ask(pool: Pool, request: Dispatcher.DispatchOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    pool.dispatch(request, new Asked(resolve, reject))
  })
}

class Asked implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: Answer) => void
  readonly #reject: (error: Error) => void
  #status = 0
  #body: Buffer = empty
  /** All chunks, where there are several. */
  #chunks: Buffer[] | undefined

  constructor(resolve: (answer: Answer) => void, reject: (error: Error) => void) {
    this.#resolve = resolve
    this.#reject = reject
  }

  // undici asks for it.
  onRequestStart(): void {}

  onResponseStart(_: Dispatcher.DispatchController, status: number): void {
    this.#status = status
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#body === empty) this.#body = chunk
    else (this.#chunks ??= [this.#body]).push(chunk)
  }

  onResponseEnd(): void {
    const body = this.#chunks ? Buffer.concat(this.#chunks) : this.#body
    this.#resolve({ status: this.#status, body })
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#reject(error)
  }
}
