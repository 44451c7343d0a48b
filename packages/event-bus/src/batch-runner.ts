import { setImmediate as endOfTurn } from 'node:timers/promises'
import { type Msg, nanos } from 'nats'
import type { Logger } from 'pino'
import type { ReceivedMessage } from './event-bus.ts'
import { natsHeaderReader } from './message-headers.ts'
import { retryDelay } from './retry-delay.ts'

const ACKNOWLEDGE = Buffer.from('+ACK')

/** Hands messages to the handler in batches, one at a time, and acknowledges each batch as a whole. */
export class BatchRunner {
  readonly #handler: (batch: readonly ReceivedMessage[]) => Promise<void>
  readonly #logger: Logger
  readonly #onHandled: (count: number) => void
  #waiting: Msg[] = []
  #running: Promise<void> | undefined

  constructor(
    handler: (batch: readonly ReceivedMessage[]) => Promise<void>,
    onHandled: (count: number) => void,
    logger: Logger
  ) {
    this.#handler = handler
    this.#onHandled = onHandled
    this.#logger = logger
  }

  add(message: Msg): void {
    this.#waiting.push(message)
    this.#running ??= this.#run()
  }

  /** Resolves when all that was added is handled. */
  async finish(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    // What arrives in one turn of the event loop is one batch.
    await endOfTurn()
    while (this.#waiting.length > 0) {
      const batch = this.#waiting
      this.#waiting = []
      await this.#handle(batch)
      this.#onHandled(batch.length)
    }
    this.#running = undefined
  }

  async #handle(batch: readonly Msg[]): Promise<void> {
    try {
      await this.#handler(
        batch.map((message) => ({
          subject: message.subject,
          payload: message.data,
          redelivered: deliveries(message) > 1,
          header: natsHeaderReader(message)
        }))
      )
      for (const message of batch) message.respond(ACKNOWLEDGE)
    } catch (error) {
      this.#logger.error({ err: error, messages: batch.length }, 'batch failed, will be delivered again')
      for (const message of batch) message.respond(later(retryDelay(deliveries(message))))
    }
  }
}

/** The reply subject is `$JS.ACK[.domain.account].stream.consumer.deliveries.…`, with domain and account if it is that long. */
function deliveries({ reply = '' }: Msg): number {
  const parts = reply.split('.')
  return Number(parts[parts.length < 11 ? 4 : 6])
}

function later(delay_ms: number): Buffer {
  return Buffer.from(`-NAK ${JSON.stringify({ delay: nanos(delay_ms) })}`)
}
