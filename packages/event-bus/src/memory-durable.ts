import type { Logger } from 'pino'
import { retryDelay } from './retry-delay.ts'
import type { MessageHeaders, ReceivedMessage, Subscription } from './event-bus.ts'
import { headerReader } from './message-headers.ts'

const MAX_BATCH = 1_000

interface HeldMessage {
  readonly subject: string
  readonly payload: Uint8Array
  readonly headers: MessageHeaders | undefined
  deliveries: number
}

interface Consumer {
  readonly handler: (batch: readonly ReceivedMessage[]) => Promise<void>
  working: Promise<void> | undefined
}

/** What one durable consumer has not acknowledged, and the competing handlers that take it. */
export class MemoryDurable {
  held = 0
  heldBytes = 0
  readonly #logger: Logger | undefined
  readonly #consumers = new Set<Consumer>()
  readonly #retries = new Set<NodeJS.Timeout>()
  #waiting: HeldMessage[] = []
  #scheduled = false

  constructor(logger: Logger | undefined) {
    this.#logger = logger
  }

  add(message: HeldMessage): void {
    this.held++
    this.heldBytes += message.payload.length
    this.#waiting.push(message)
    this.#schedule()
  }

  attach(handler: Consumer['handler']): Subscription {
    const consumer: Consumer = { handler, working: undefined }
    this.#consumers.add(consumer)
    this.#schedule()
    return { stop: () => this.#detach(consumer) }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => this.#detach(consumer)))
    for (const timer of this.#retries) clearTimeout(timer)
  }

  async #detach(consumer: Consumer): Promise<void> {
    this.#consumers.delete(consumer)
    await consumer.working
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    // What arrives in one turn of the event loop is one batch.
    setImmediate(() => {
      this.#scheduled = false
      this.#distribute()
    })
  }

  #distribute(): void {
    const idle = [...this.#consumers].filter(({ working }) => !working)
    for (const [at, consumer] of idle.entries()) {
      const share = Math.ceil(this.#waiting.length / (idle.length - at))
      const batch = this.#waiting.splice(0, Math.min(share, MAX_BATCH))
      if (batch.length === 0) continue
      consumer.working = this.#work(consumer, batch).finally(() => {
        consumer.working = undefined
        if (this.#waiting.length > 0) this.#schedule()
      })
    }
  }

  async #work({ handler }: Consumer, batch: readonly HeldMessage[]): Promise<void> {
    try {
      const received = batch.map(({ subject, payload, headers, deliveries }) => ({
        subject,
        payload,
        redelivered: deliveries > 0,
        header: headerReader(headers)
      }))
      await handler(received)
      for (const { payload } of batch) {
        this.held--
        this.heldBytes -= payload.length
      }
    } catch (error) {
      this.#logger?.error({ err: error, messages: batch.length }, 'batch failed, will be delivered again')
      this.#retry(batch)
    }
  }

  #retry(batch: readonly HeldMessage[]): void {
    for (const message of batch) message.deliveries++
    const wait_ms = retryDelay(Math.max(...batch.map(({ deliveries }) => deliveries)))
    const timer = setTimeout(() => {
      this.#retries.delete(timer)
      this.#waiting.push(...batch)
      this.#schedule()
    }, wait_ms)
    this.#retries.add(timer)
  }
}
