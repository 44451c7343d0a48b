import type { CloseReason, Id, ProblemError } from '@parley/contracts'
import type { Connection } from '../connection/connection.ts'
import type { Transport } from '../connection/transport.ts'

/**
 * Gathers what one long-poll is answered with. It is over at the end of the turn in which the first events came, when it has
 * waited long enough, or, without a wait, as soon as it is clear that nothing is there.
 */
export class Poll implements Transport {
  /** Said to be full from the first byte on: what does not fit into one answer waits for the next request. */
  readonly needsDrain = true
  readonly errors = new Map<Id, ProblemError>()
  /** Resolves with why the connection was closed, if it was. */
  readonly over: Promise<CloseReason | undefined>
  connection: Connection | undefined
  readonly #finish: (reason: CloseReason | undefined) => void
  readonly #timer: NodeJS.Timeout | undefined
  readonly #parts: Buffer[] = []
  #unsettled: number
  #bytes = 0

  /** `subscriptions`: how many answers there will be. */
  constructor(wait_ms: number, subscriptions: number) {
    const { promise, resolve } = Promise.withResolvers<CloseReason | undefined>()
    this.over = promise
    this.#unsettled = subscriptions
    this.#timer = wait_ms > 0 ? setTimeout(() => this.finish(), wait_ms) : undefined
    this.#finish = resolve
    if (subscriptions === 0) this.finishSoon()
  }

  get waiting(): number {
    return this.#bytes
  }

  get flushed(): number {
    return 0
  }

  /** The frames so far, as the elements of a JSON array. */
  get items(): string {
    const joined = Buffer.concat(this.#parts)
    return joined.toString('utf8', 0, Math.max(0, joined.length - 1))
  }

  write(bytes: Buffer): void {
    this.#parts.push(bytes)
    this.#bytes += bytes.length
    this.finishSoon()
  }

  /** One subscription was answered: everything up to the head is here. */
  settle(): void {
    this.#unsettled--
    if (this.#unsettled <= 0 && (this.#timer === undefined || this.#bytes > 0)) this.finishSoon()
  }

  refuse(conversation_id: Id, error: ProblemError): void {
    this.errors.set(conversation_id, error)
    this.settle()
    if (this.connection?.subscriptions.size === 0) this.finishSoon()
  }

  finishSoon(): void {
    setImmediate(() => this.finish())
  }

  finish(reason?: CloseReason): void {
    clearTimeout(this.#timer)
    this.#finish(reason)
  }

  close(_code: number, reason: CloseReason): void {
    this.finish(reason)
  }

  // There is nobody to ask: the request is there until its answer is.
  ping(): void {
    this.connection?.hear()
  }

  whenDrained(): void {}
  pause(): void {}
  resume(): void {}
  terminate(): void {}
}
