import type { BrokerLink } from './broker-link.ts'
import { before } from './deadline.ts'
import type { DurableMessage } from './event-bus.ts'
import { NoStreamError, PublishOutlet } from './publish-outlet.ts'
import type { StreamTopology } from './stream-topology.ts'

const TIMEOUT_MS = 2_000
/** A timer may fire a little early. */
const WHOLE_MS = TIMEOUT_MS - 50
const PAUSE_MS = 1_000
/** For so long after it stored nothing a broker is not believed, unless it stores: one with a full disk also loses its connections. */
const DOUBT_MS = 15_000

/** Durable publishing over whatever connection there is, with the stream made again where it vanished. */
export class DurablePublisher {
  readonly #link: BrokerLink
  readonly #topology: StreamTopology
  readonly #inboxPrefix: string
  #outlet: PublishOutlet | undefined
  // On a full disk the broker answers pings and stores nothing, without a word. Then one publish a second tries.
  #retryAt: number | undefined
  #doubtedUntil = 0

  constructor(link: BrokerLink, topology: StreamTopology, inboxPrefix: string) {
    this.#link = link
    this.#topology = topology
    this.#inboxPrefix = inboxPrefix
  }

  /** Whether the broker, though connected, last stored nothing, be it over an earlier connection. */
  get stalled(): boolean {
    return performance.now() < this.#doubtedUntil
  }

  async publish(messages: readonly DurableMessage[]): Promise<(Error | undefined)[]> {
    const start = performance.now()
    try {
      const results = await this.#publish(messages, start + TIMEOUT_MS)
      if (results.includes(undefined)) {
        this.#retryAt = undefined
        this.#doubtedUntil = 0
      }
      return results
    } catch (error) {
      return messages.map(() => (error instanceof Error ? error : new Error(String(error))))
    } finally {
      if (performance.now() - start >= WHOLE_MS && !this.#outlet?.heardSince(start)) {
        this.#pause(PAUSE_MS)
        this.#doubtedUntil = performance.now() + DOUBT_MS
      }
    }
  }

  async #publish(messages: readonly DurableMessage[], deadline: number): Promise<(Error | undefined)[]> {
    const outlet = this.#open()
    await before(deadline, this.#topology.ensure(outlet.connection))
    const results = await outlet.send(messages, deadline)
    const homeless = messages.filter((_, at) => results[at] instanceof NoStreamError)
    if (homeless.length === 0) return results
    await before(deadline, this.#topology.inspect(outlet.connection))
    const again = await outlet.send(homeless, deadline)
    return results.map((result) => (result instanceof NoStreamError ? again.shift() : result))
  }

  #open(): PublishOutlet {
    const { connection } = this.#link
    if (!connection || connection.isClosed()) throw new Error('the broker is away')
    if (this.#outlet?.connection !== connection) {
      this.#outlet = new PublishOutlet(connection, this.#inboxPrefix)
      this.#retryAt = undefined
    }
    if (this.#retryAt !== undefined) {
      if (performance.now() < this.#retryAt) throw new Error('the broker does not store')
      // This call tries; the others are turned away until it knows.
      this.#pause(TIMEOUT_MS + PAUSE_MS)
    }
    return this.#outlet
  }

  #pause(duration_ms: number): void {
    this.#retryAt = performance.now() + duration_ms
  }
}
