import { setTimeout as delay } from 'node:timers/promises'
import type { BeatReply, BeatReport, ConversationApi, Id } from '@parley/contracts'
import type { Logger } from 'pino'
import type { GatewayMetrics } from '../gateway-metrics.ts'
import type { Tuning } from '../tuning.ts'
import type { Confirmation } from './confirmation.ts'

/** What a beat names, as it is when it is come to. */
export interface BeatItems {
  /** How many there are about of whichever there is most. */
  most: number
  rooms: Iterator<[Id, number]>
  sessions: Iterator<Id>
  users: Iterator<[Id, number]>
}

/**
 * Of each kind in one call: a 32nd of all, but no fewer and no more than this. An item takes 2 µs of an api, and as much of Postgres, in one go:
 * what else they do must not wait for 500 where 100 will do.
 */
const PART = { least: 100, most: 500 }
const PARTS = 32

interface BeatOptions {
  api: Pick<ConversationApi, 'beat'>
  tuning: Tuning
  confirmation: Confirmation
  metrics: GatewayMetrics
  logger: Logger
  items: () => BeatItems
  /** What moved since it was reported. */
  apply: (reply: BeatReply) => void
}

/**
 * Asks the api once a second what moved, a part after the other. It reveals what nothing else does: a lost last doorbell, a lost
 * "you were added", a paused or partitioned broker, an ended session. One call is in flight at a time, and they are spread: all at once,
 * those of 3,500 sessions held up messages for 30 ms of every second. What is confirmed is what was there when it began.
 */
export class Beat {
  readonly #options: BeatOptions
  readonly #timer: NodeJS.Timeout
  #asking = false
  #failing = false

  constructor(options: BeatOptions) {
    this.#options = options
    this.#timer = setInterval(() => void this.#tick(), options.tuning.beat_ms)
    void this.#tick()
  }

  /** Whether the last beat succeeded. */
  get ok(): boolean {
    return !this.#failing
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #tick(): Promise<void> {
    const { confirmation, apply, metrics, logger } = this.#options
    confirmation.holds()
    if (this.#asking) return
    this.#asking = true
    const asked_at = performance.now()
    try {
      const reply = await this.#ask()
      confirmation.confirm(asked_at)
      if (this.#failing) logger.info('beat succeeds again')
      this.#failing = false
      apply(reply)
    } catch (error) {
      metrics.failed_beats.inc()
      // Once a second, while the api is away: only the first one is news.
      if (!this.#failing) logger.warn({ err: error }, 'beat failed')
      this.#failing = true
    } finally {
      this.#asking = false
    }
  }

  async #ask(): Promise<BeatReply> {
    const { api, tuning, items } = this.#options
    const moved: BeatReply = { rooms: {}, ended: [], users: {} }
    const { most, ...named } = items()
    const size = Math.min(PART.most, Math.max(PART.least, Math.ceil(most / PARTS)))
    const apart_ms = (tuning.beat_spread_ms * size) / Math.max(most, size)
    const began = performance.now()
    let asked = 0
    for (const part of partsOf(named, size)) {
      // A call that took long is made up for.
      const early_ms = began + apart_ms * asked++ - performance.now()
      if (early_ms >= 1) await delay(early_ms, undefined, { ref: false })
      const { rooms, ended, users } = await api.beat(part)
      Object.assign(moved.rooms, rooms)
      Object.assign(moved.users, users)
      moved.ended.push(...ended)
    }
    return moved
  }
}

/** At least one, and the last has less than a whole part of everything. */
function* partsOf({ rooms, sessions, users }: Omit<BeatItems, 'most'>, size: number): Generator<BeatReport> {
  for (let more = true; more; ) {
    const part = [take(rooms, size), take(sessions, size), take(users, size)] as const
    more = part.some(({ length }) => length === size)
    yield { rooms: Object.fromEntries(part[0]), sessions: part[1], users: Object.fromEntries(part[2]) }
  }
}

/** Unlike the iterator's own `take`, leaves it open for the next part. */
function take<T>(from: Iterator<T>, size: number): T[] {
  const items: T[] = []
  while (items.length < size) {
    const { done, value } = from.next()
    if (done) break
    items.push(value)
  }
  return items
}
