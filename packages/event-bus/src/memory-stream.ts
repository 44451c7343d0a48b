import { type DurableName, durables, stream } from '@parley/contracts'
import type { Logger } from 'pino'
import type { DurableMessage, StreamState } from './event-bus.ts'
import { MemoryDurable } from './memory-durable.ts'
import { matcher } from './subject-matcher.ts'

const DUPLICATE_WINDOW_MS = 120_000
const MAX_REMEMBERED_IDS = 100_000
const MAX_HELD_MESSAGES = 100_000
const MAX_HELD_BYTES = 64 * 1024 * 1024

const accepts = stream.subjects.map(matcher)

/** Durable messages until every durable consumer has acknowledged them, and the ids of the latest ones. */
export class MemoryStream {
  readonly #created = new Date().toISOString()
  readonly #durables: ReadonlyMap<DurableName, MemoryDurable>
  /** Oldest first. */
  readonly #ids = new Map<string, number>()
  #lastSeq = 0

  constructor(logger: Logger | undefined, names: readonly DurableName[] = [durables.notifier]) {
    this.#durables = new Map(names.map((name) => [name, new MemoryDurable(logger)]))
  }

  get state(): StreamState {
    return { created: this.#created, last_seq: this.#lastSeq }
  }

  durable(name: DurableName): MemoryDurable {
    const durable = this.#durables.get(name)
    if (!durable) throw new TypeError(`${name} is no durable consumer`)
    return durable
  }

  /** Undefined for stored, as a duplicate is, too. */
  publish({ subject, id, payload, headers }: DurableMessage): Error | undefined {
    if (!accepts.some((matches) => matches(subject))) return new Error('no stream takes this subject')
    if (this.#isDuplicate(id)) return undefined
    const all = [...this.#durables.values()]
    if (all.some(({ held, heldBytes }) => held >= MAX_HELD_MESSAGES || heldBytes >= MAX_HELD_BYTES))
      return new Error('the stream is full')
    this.#ids.set(id, performance.now())
    this.#lastSeq++
    for (const durable of all) durable.add({ subject, payload, headers, deliveries: 0 })
    return undefined
  }

  async close(): Promise<void> {
    await Promise.all([...this.#durables.values()].map((durable) => durable.close()))
  }

  #isDuplicate(id: string): boolean {
    const oldest = performance.now() - DUPLICATE_WINDOW_MS
    for (const [remembered, time] of this.#ids) {
      if (time >= oldest && this.#ids.size < MAX_REMEMBERED_IDS) break
      this.#ids.delete(remembered)
    }
    return this.#ids.has(id)
  }
}
