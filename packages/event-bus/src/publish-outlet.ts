import { createInbox, type Msg, type NatsConnection } from 'nats'
import type { DurableMessage } from './event-bus.ts'
import { toNatsHeaders } from './message-headers.ts'

/** Publishes on the way at a time; more wait here, up to a limit. */
const WINDOW = 2_048
const MAX_WAITING = 50_000

/** Nobody listens where the stream should be. */
export class NoStreamError extends Error {}

interface Slot {
  readonly message: DurableMessage
  readonly settle: (error?: Error) => void
  settled: boolean
}

/**
 * Publishes to JetStream over one connection. All acknowledgements come to one inbox and are told apart by its last part: a
 * fifth of the price of a request each.
 */
export class PublishOutlet {
  readonly connection: NatsConnection
  readonly #inbox: string
  readonly #unacknowledged = new Map<string, Slot>()
  #waiting: Slot[] = []
  #count = 0
  #heard = 0

  constructor(connection: NatsConnection, inboxPrefix: string) {
    this.connection = connection
    this.#inbox = createInbox(inboxPrefix)
    connection.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (error) this.#abandon(error)
        else this.#acknowledge(message)
      }
    })
    void connection.closed().then(() => this.#abandon(new Error('the broker went away')))
  }

  /** Whether an answer of any kind came after that `performance.now()`. */
  heardSince(time: number): boolean {
    return this.#heard > time
  }

  /** One result each, in order; what is not acknowledged when `performance.now()` passes `deadline` failed. */
  async send(messages: readonly DurableMessage[], deadline: number): Promise<(Error | undefined)[]> {
    const results: (Error | undefined)[] = messages.map(() => undefined)
    if (messages.length === 0) return results
    const all = Promise.withResolvers<void>()
    let left = messages.length
    const slots = messages.map((message, at): Slot => {
      const settle = (error?: Error) => {
        if (slot.settled) return
        slot.settled = true
        results[at] = error
        if (--left === 0) all.resolve()
      }
      const slot = { message, settle, settled: false }
      return slot
    })
    const timer = setTimeout(() => this.#giveUp(slots), Math.max(0, deadline - performance.now()))
    for (const slot of slots) this.#enqueue(slot)
    await all.promise
    clearTimeout(timer)
    return results
  }

  #enqueue(slot: Slot): void {
    if (this.#unacknowledged.size < WINDOW) this.#transmit(slot)
    else if (this.#waiting.length < MAX_WAITING) this.#waiting.push(slot)
    else slot.settle(new Error('too many publishes wait for the broker'))
  }

  #transmit(slot: Slot): void {
    const token = (this.#count++).toString(36)
    try {
      const fields = toNatsHeaders(slot.message.headers)
      fields.set('Nats-Msg-Id', slot.message.id)
      const reply = `${this.#inbox}.${token}`
      this.connection.publish(slot.message.subject, slot.message.payload, { headers: fields, reply })
      this.#unacknowledged.set(token, slot)
    } catch (error) {
      slot.settle(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #acknowledge(answer: Msg): void {
    this.#heard = performance.now()
    const token = answer.subject.slice(this.#inbox.length + 1)
    const slot = this.#unacknowledged.get(token)
    if (!slot) return
    this.#unacknowledged.delete(token)
    slot.settle(errorOf(answer))
    this.#refill()
  }

  #refill(): void {
    let taken = 0
    while (this.#unacknowledged.size < WINDOW) {
      const slot = this.#waiting[taken]
      if (!slot) break
      taken++
      if (!slot.settled) this.#transmit(slot)
    }
    if (taken > 0) this.#waiting.splice(0, taken)
  }

  #giveUp(slots: readonly Slot[]): void {
    for (const slot of slots) slot.settle(new Error('the broker did not acknowledge in time'))
    for (const [token, slot] of this.#unacknowledged) if (slot.settled) this.#unacknowledged.delete(token)
    this.#waiting = this.#waiting.filter((slot) => !slot.settled)
    this.#refill()
  }

  #abandon(error: Error): void {
    for (const slot of [...this.#unacknowledged.values(), ...this.#waiting]) slot.settle(error)
    this.#unacknowledged.clear()
    this.#waiting = []
  }
}

function errorOf(answer: Msg): Error | undefined {
  if (answer.headers?.code === 503) return new NoStreamError('no stream takes this subject')
  try {
    const { error } = answer.json<{ error?: { description?: string } }>()
    return error ? new Error(error.description ?? 'the broker refused') : undefined
  } catch (error) {
    return new Error('the broker gave an unreadable answer', { cause: error })
  }
}
