import type { Subscription } from '../rooms/subscription.ts'
import type { Tuning } from '../tuning.ts'
import type { Transport } from './transport.ts'

/**
 * What waits to be sent on one connection. Over `lag_bytes` nothing more is written, and nothing read either, so that a peer that
 * does not read its answers cannot ask for more of them; over `resume_bytes` no page is. Both end when the buffer has drained.
 */
export class OutputBuffer {
  congested = false
  readonly #transport: Transport
  readonly #tuning: Tuning
  #parked: Set<Subscription> | undefined

  constructor(transport: Transport, tuning: Tuning) {
    this.#transport = transport
    this.#tuning = tuning
  }

  get ready(): boolean {
    return !this.#exceeds(this.#tuning.resume_bytes)
  }

  write(bytes: Buffer): void {
    this.#transport.write(bytes)
    if (this.congested || !this.#exceeds(this.#tuning.lag_bytes)) return
    this.congested = true
    this.#transport.pause()
    this.#transport.whenDrained(this)
  }

  /** Resumes the subscription once the buffer has drained. */
  park(subscription: Subscription): void {
    this.#parked ??= new Set()
    this.#parked.add(subscription)
    this.#transport.whenDrained(this)
  }

  drained(): void {
    if (this.congested) this.#transport.resume()
    this.congested = false
    const parked = this.#parked
    this.#parked = undefined
    for (const subscription of parked ?? []) subscription.room.resume(subscription)
  }

  clear(): void {
    this.#parked = undefined
  }

  // A stream says when it has drained only if it asked to wait, which a TCP socket does from 64 KiB on.
  #exceeds(bytes: number): boolean {
    return this.#transport.waiting >= bytes && this.#transport.needsDrain
  }
}
