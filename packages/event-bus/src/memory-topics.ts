import { setImmediate as endOfTurn } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { HeaderReader, MessageHeaders, Subscription, VolatileHandler } from './event-bus.ts'
import { headerReader } from './message-headers.ts'
import { matcher } from './subject-matcher.ts'

const MAX_QUEUED_BYTES = 64 * 1024 * 1024
/** What a queued message costs beside its payload. */
const MESSAGE_BYTES = 100

interface Subscriber {
  readonly matches: (subject: string) => boolean
  readonly handler: VolatileHandler
}

/** Volatile publish and subscribe: delivered at the end of the event-loop turn, in order. */
export class MemoryTopics {
  dropped = 0
  readonly #logger: Logger | undefined
  readonly #exact = new Map<string, Set<Subscriber>>()
  readonly #patterns = new Set<Subscriber>()
  #queue: { subject: string; payload: Uint8Array; headers: MessageHeaders | undefined }[] = []
  #queuedBytes = 0
  #delivering: Promise<void> | undefined
  #closed = false

  constructor(logger: Logger | undefined) {
    this.#logger = logger
  }

  publish(subject: string, payload: Uint8Array, headers?: MessageHeaders): void {
    const bytes = payload.length + MESSAGE_BYTES
    if (this.#closed || this.#queuedBytes + bytes > MAX_QUEUED_BYTES) {
      this.dropped++
      return
    }
    this.#queue.push({ subject, payload, headers })
    this.#queuedBytes += bytes
    this.#delivering ??= this.#deliver()
  }

  subscribe(subject: string, handler: VolatileHandler): Subscription {
    const subscriber = { matches: matcher(subject), handler }
    const group = /[*>]/.test(subject) ? this.#patterns : this.#groupOf(subject)
    group.add(subscriber)
    return {
      stop: async () => {
        group.delete(subscriber)
        if (group !== this.#patterns && group.size === 0 && this.#exact.get(subject) === group)
          this.#exact.delete(subject)
      }
    }
  }

  /** Delivers what is queued first. */
  async close(): Promise<void> {
    await this.#delivering
    this.#closed = true
  }

  #groupOf(subject: string): Set<Subscriber> {
    const group = this.#exact.get(subject) ?? new Set()
    this.#exact.set(subject, group)
    return group
  }

  async #deliver(): Promise<void> {
    while (this.#queue.length > 0) {
      await endOfTurn()
      const queue = this.#queue
      this.#queue = []
      this.#queuedBytes = 0
      for (const { subject, payload, headers } of queue) {
        const header = headerReader(headers)
        for (const { handler } of this.#exact.get(subject) ?? [])
          this.#call(handler, payload, subject, header)
        for (const { matches, handler } of this.#patterns)
          if (matches(subject)) this.#call(handler, payload, subject, header)
      }
    }
    this.#delivering = undefined
  }

  #call(handler: VolatileHandler, payload: Uint8Array, subject: string, header: HeaderReader): void {
    try {
      handler(payload, subject, header)
    } catch (error) {
      this.#logger?.error({ err: error, subject }, 'bus handler failed')
    }
  }
}
