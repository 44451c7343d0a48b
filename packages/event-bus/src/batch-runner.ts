import { setImmediate as endOfTurn } from 'node:timers/promises'
import type { JsMsg } from '@nats-io/jetstream'
import type { Logger } from 'pino'
import type { ReceivedMessage } from './event-bus.ts'
import { retryDelay } from './retry-delay.ts'

/** Hands messages to the handler in batches, one at a time, and acknowledges each batch as a whole. */
export class BatchRunner {
  readonly #handler: (batch: readonly ReceivedMessage[]) => Promise<void>
  readonly #logger: Logger
  #waiting: JsMsg[] = []
  #running: Promise<void> | undefined
  #finishing = false

  constructor(handler: (batch: readonly ReceivedMessage[]) => Promise<void>, logger: Logger) {
    this.#handler = handler
    this.#logger = logger
  }

  add(message: JsMsg): void {
    this.#waiting.push(message)
    this.#running ??= this.#run()
  }

  /** Ends after the batch in hand and gives the rest back to other consumers. May be added to again afterwards. */
  async finish(): Promise<void> {
    this.#finishing = true
    await this.#running
    for (const message of this.#waiting) message.nak()
    this.#waiting = []
    this.#finishing = false
  }

  async #run(): Promise<void> {
    // What arrives in one turn of the event loop is one batch.
    await endOfTurn()
    while (this.#waiting.length > 0 && !this.#finishing) {
      const batch = this.#waiting
      this.#waiting = []
      await this.#handle(batch)
    }
    this.#running = undefined
  }

  async #handle(batch: readonly JsMsg[]): Promise<void> {
    try {
      await this.#handler(
        batch.map(({ subject, data, redelivered }) => ({ subject, payload: data, redelivered }))
      )
      for (const message of batch) message.ack()
    } catch (error) {
      this.#logger.error({ err: error, messages: batch.length }, 'batch failed, will be delivered again')
      for (const message of batch) message.nak(retryDelay(message.info.deliveryCount))
    }
  }
}
