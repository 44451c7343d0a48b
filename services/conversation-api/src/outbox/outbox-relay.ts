import { type DurableEvent, encodeTraces } from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import type { Step, Tracing } from '@parley/service-kit'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { EventSink } from '../changes/conversation-line.ts'
import type { Database } from '../database/database.ts'
import { packEvents } from './event-packer.ts'
import { markPublished } from './outbox-store.ts'
import { type Stretch, stretchesOf } from './stretches.ts'

/** Marking is off the message's path: stretches are gathered for so long, or until there are this many. */
const MARK_AFTER_MS = 50
const MARK_AT = 1_000
/** Events in flight to the broker; what is beyond stays in the outbox for the sweeper. */
const MAX_IN_FLIGHT = 20_000

/**
 * Publishes events right after their commit, from the bytes that are in memory. What does not reach the broker stays
 * unpublished in the outbox, where the sweeper finds it.
 */
export class OutboxRelay implements EventSink {
  /** Part of every message id; changed by the sweeper when the broker lost events. */
  epoch = 0
  readonly #bus: EventBus
  readonly #db: Kysely<Database>
  readonly #logger: Logger
  readonly #tracing: Tracing | undefined
  #stored: Stretch[] = []
  #timer: NodeJS.Timeout | undefined
  #in_flight = 0
  readonly #work = new Set<Promise<unknown>>()

  constructor(bus: EventBus, db: Kysely<Database>, logger: Logger, tracing?: Tracing) {
    this.#bus = bus
    this.#db = db
    this.#logger = logger
    this.#tracing = tracing
  }

  push(events: readonly DurableEvent[], traces?: readonly (string | undefined)[]): void {
    if (events.length === 0 || this.#in_flight + events.length > MAX_IN_FLIGHT) return
    this.#track(this.publish(events, this.#steps(events, traces)))
  }

  /** Resolves with the number of events that the broker has stored. `steps`: of their traces, in the same order. */
  async publish(events: readonly DurableEvent[], steps?: readonly (Step | undefined)[]): Promise<number> {
    this.#in_flight += events.length
    const stepOf = steps && new Map(events.map((event, n) => [event, steps[n]]))
    const packed = packEvents(events, this.epoch, stepOf && ((part) => headersOf(part, stepOf)))
    const results = await this.#bus.publishDurable(packed.map(({ message }) => message))
    this.#in_flight -= events.length
    const stored = packed.flatMap((one, n) => (results[n] === undefined ? one.events : []))
    if (stepOf) endSteps(stepOf, stored)
    this.#stored.push(...stretchesOf(stored))
    if (this.#stored.length >= MARK_AT) this.#mark()
    else if (stored.length > 0) this.#timer ??= setTimeout(() => this.#mark(), MARK_AFTER_MS)
    return stored.length
  }

  #steps(
    events: readonly DurableEvent[],
    traces?: readonly (string | undefined)[]
  ): (Step | undefined)[] | undefined {
    const tracing = this.#tracing
    if (!tracing) return undefined
    const current = traces ? undefined : tracing.current()
    return events.map(({ kind, conversation_id, seq }, n) =>
      tracing.follow(traces ? traces[n] : current, `publish ${kind}`, {
        'parley.conversation': conversation_id,
        'parley.seq': seq
      })
    )
  }

  #mark(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const stored = this.#stored
    this.#stored = []
    if (stored.length > 0) this.#track(this.#store(stored))
  }

  async #store(stored: Stretch[]): Promise<void> {
    try {
      await markPublished(this.#db, stored)
    } catch (error) {
      // They are published once more by the sweeper; every consumer drops what it has seen.
      this.#logger.warn({ err: error, count: stored.length }, 'outbox.mark_failed')
    }
  }

  #track(work: Promise<unknown>): void {
    this.#work.add(work)
    void work.finally(() => this.#work.delete(work))
  }

  /** Resolves when everything pushed so far was answered by the broker and marked. */
  async settled(): Promise<void> {
    while (this.#work.size > 0 || this.#stored.length > 0) {
      await Promise.all(this.#work)
      this.#mark()
    }
  }

  async close(): Promise<void> {
    await this.settled()
  }
}

function endSteps(
  stepOf: ReadonlyMap<DurableEvent, Step | undefined>,
  stored: readonly DurableEvent[]
): void {
  const isStored = new Set(stored)
  for (const [event, step] of stepOf) step?.end(isStored.has(event) ? 'ok' : 'failed')
}

function headersOf(events: readonly DurableEvent[], stepOf: ReadonlyMap<DurableEvent, Step | undefined>) {
  return encodeTraces(
    events.flatMap((event) => {
      const context = stepOf.get(event)?.context
      return context === undefined
        ? []
        : [{ conversation_id: event.conversation_id, seq: event.seq, context }]
    })
  )
}
