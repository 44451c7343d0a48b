import {
  type DurableEvent,
  type Id,
  type ProblemError,
  type RoomPage,
  type RoomRead
} from '@parley/contracts'
import type { Tracing } from '@parley/service-kit'
import type { Logger } from 'pino'
import type { GatewayMetrics } from '../gateway-metrics.ts'
import type { Tuning } from '../tuning.ts'
import { Batch } from './batch.ts'
import { CatchUp } from './catch-up.ts'
import type { Confirmation } from './confirmation.ts'
import { FanOut } from './fan-out.ts'
import { GapFill } from './gap-fill.ts'
import { inParts } from './in-parts.ts'
import type { Pace } from './pace.ts'
import { Ring } from './ring.ts'
import { RoomEvent } from './room-event.ts'
import type { EndReason, Subscription } from './subscription.ts'
import type { TurnEnd } from './turn-end.ts'
import type { WriteLoad } from './write-load.ts'

/** However many readers there are. */
const MOST_RING_TIMES = 32

export interface RoomServices {
  readRoom: (read: RoomRead) => Promise<RoomPage>
  turnEnd: TurnEnd
  /** Of all rooms together. */
  writeLoad: WriteLoad
  /** Of all rooms together. */
  pace: Pace
  confirmation: Confirmation
  tuning: Tuning
  metrics: GatewayMetrics
  logger: Logger
  tracing?: Tracing | undefined
}

/**
 * One conversation as this gateway knows it: its number line up to `last`, and who listens. It begins with a first read, made
 * once the bus has confirmed the room's subjects, so that nothing falls between the read and the first doorbell.
 */
export class Room {
  readonly id: Id
  readonly tuning: Tuning
  readonly metrics: GatewayMetrics
  readonly writeLoad: WriteLoad
  readonly pace: Pace
  readonly live = new Set<Subscription>()
  readonly behind = new Set<Subscription>()
  /** Undefined until the first read. */
  ring: Ring | undefined
  /** Since when nobody listens, on the monotonic clock. */
  empty_since: number | undefined
  readonly #services: RoomServices
  readonly #fan_out: FanOut
  readonly #gap_fill: GapFill
  readonly #catch_up: CatchUp
  #listening = false
  #blocked = false
  #page_events: number

  constructor(id: Id, services: RoomServices) {
    this.id = id
    this.tuning = services.tuning
    this.metrics = services.metrics
    this.writeLoad = services.writeLoad
    this.pace = services.pace
    this.#services = services
    this.#fan_out = new FanOut(this)
    this.#gap_fill = new GapFill(this)
    this.#catch_up = new CatchUp(this)
    this.#page_events = this.tuning.page_events
  }

  get last(): number {
    return this.ring?.last ?? 0
  }

  /** The room itself is amid pages until `last` is here: rows that moved out of them are still to come. */
  get whole_from(): number {
    return this.#gap_fill.paged_head
  }

  /** False after a failed read, until a beat succeeds. */
  get mayRead(): boolean {
    return !this.#blocked
  }

  /** False while sessions are not confirmed. */
  get mayWrite(): boolean {
    return this.#services.confirmation.holds()
  }

  /** The bus listens, or is known not to: reading may begin. */
  listen(): void {
    this.#listening = true
    this.schedule()
  }

  /** A doorbell from the bus. */
  receive(event: DurableEvent): void {
    if (event.conversation_id === this.id) this.#gap_fill.receive(event)
  }

  /** The conversation is known to be at `head`. */
  expect(head: number): void {
    this.#gap_fill.expect(head)
  }

  add(subscription: Subscription): void {
    this.empty_since = undefined
    this.behind.add(subscription)
    this.schedule()
  }

  /** Its subscriber's buffer has drained. */
  resume(subscription: Subscription): void {
    subscription.parked = false
    this.schedule()
  }

  schedule(): void {
    if (this.#listening) this.#services.turnEnd.add(this)
  }

  run(): void {
    if (!this.mayWrite) return
    this.#fan_out.run()
    this.#gap_fill.run()
    this.#catch_up.run()
  }

  /** A beat succeeded: what waited for the api may go on. */
  unblock(): void {
    this.#blocked = false
    if (this.behind.size > 0 || this.#gap_fill.wanting) this.schedule()
  }

  block(): void {
    this.#blocked = true
  }

  /** Sessions could not be confirmed: nothing more is written until each membership has been read again. */
  suspend(): void {
    this.#fan_out.clear()
    for (const subscription of this.live) this.fallBehind(subscription)
    for (const subscription of this.behind) subscription.membership = undefined
  }

  /** Undefined when the api cannot be reached: reading goes on after the next beat. */
  async read(since: number | null, users: Id[]): Promise<RoomPage | undefined> {
    try {
      const read = { conversation_id: this.id, since, limit: this.#page_events, users }
      return await this.#services.readRoom(read)
    } catch (error) {
      this.block()
      this.metrics.failed_reads.inc()
      this.#services.logger.debug({ err: error, conversation_id: this.id }, 'room not read')
      return undefined
    }
  }

  /** Takes over what a page, read from `since`, tells beyond `last`. Returns the page's events. */
  absorb(page: RoomPage, since: number | null): Batch {
    const events = page.events.map((event) => new RoomEvent(event))
    this.#measure(events)
    if (!this.ring) this.#begin(page, since, events)
    else if (since !== null && since <= this.ring.last) this.#extend(page, events, this.ring)
    this.#gap_fill.settle(since === null ? 0 : page.head)
    return new Batch(events)
  }

  append(event: DurableEvent): void {
    this.#append(new RoomEvent(event))
  }

  /** From live to behind, where its cursor is. */
  fallBehind(subscription: Subscription): void {
    this.live.delete(subscription)
    this.behind.add(subscription)
    subscription.state = 'behind'
    subscription.startAt(subscription.cursor)
    if (subscription.subscriber.congested) subscription.lagging_from ??= subscription.cursor
    this.schedule()
  }

  /** From behind to live: its cursor is `last`. */
  promote(subscription: Subscription): void {
    this.behind.delete(subscription)
    this.live.add(subscription)
    subscription.state = 'live'
    subscription.startAt(subscription.cursor)
  }

  /** Others wait longer than who was just served. */
  moveToEnd(subscription: Subscription): void {
    this.behind.delete(subscription)
    this.behind.add(subscription)
  }

  /** Ends a subscription because of something that happened in the room. */
  end(subscription: Subscription, reason: EndReason): void {
    if (this.drop(subscription)) subscription.subscriber.ended(subscription, reason)
  }

  refuse(subscription: Subscription, error: ProblemError): void {
    if (this.drop(subscription)) subscription.subscriber.refused(subscription, error)
  }

  /** Forgets a subscription; false if it had ended before. */
  drop(subscription: Subscription): boolean {
    if (subscription.state === 'ended') return false
    subscription.state = 'ended'
    this.live.delete(subscription)
    this.behind.delete(subscription)
    if (this.live.size === 0 && this.behind.size === 0) this.empty_since = performance.now()
    return true
  }

  /** That somebody types, as a finished frame, to all who are up to date but that user. */
  tellTyping(frame: Buffer, typist: Id): void {
    inParts(this.#services.turnEnd, [...this.live], this.tuning.fan_out_chunk, ({ state, subscriber }) => {
      if (this.mayWrite && state === 'live' && subscriber.user_id !== typist) subscriber.writeVolatile(frame)
    })
  }

  /** Lets work go on by itself; an error in it is a fault of the gateway's. */
  background(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#services.logger.error({ err: error, conversation_id: this.id }, 'room work failed')
    })
  }

  #begin(page: RoomPage, since: number | null, events: RoomEvent[]): void {
    const whole = since !== null && page.next_since === page.head
    this.ring = new Ring(whole ? since : page.head, this.tuning)
    if (whole) for (const event of events) this.ring.append(event)
  }

  // The slow ones of many readers, each a megabyte behind, would otherwise read the same pages over and over.
  get #ringTimes(): number {
    const readers = this.live.size + this.behind.size
    return Math.min(MOST_RING_TIMES, 1 + Math.floor(readers / this.tuning.ring_readers))
  }

  #extend(page: RoomPage, events: RoomEvent[], ring: Ring): void {
    const news = events.filter((event) => event.seq > ring.last)
    // A page is compacted: who needs to hear of each message as a new one is told by the catch-up, which keeps account.
    if (news.length > 0)
      for (const subscription of this.live)
        if (!subscription.subscriber.dialect.by_cursor) this.fallBehind(subscription)
    for (const event of news) this.#append(event)
    ring.last = Math.max(ring.last, page.next_since)
    if (news.length > 0) this.schedule()
  }

  #append(event: RoomEvent): void {
    this.ring?.append(event, this.#ringTimes)
    this.#fan_out.add(event)
    this.metrics.events.inc()
    if (event.kind !== 'member.removed' && event.kind !== 'conversation.deleted') return
    // Whom this ends gets the rest one by one, up to here.
    for (const subscription of this.live)
      if (event.endsFor(subscription.subscriber.user_id, subscription.judged_at))
        this.fallBehind(subscription)
  }

  /** Pages of large messages get fewer of them. */
  #measure(events: readonly RoomEvent[]): void {
    if (events.length === 0) return
    const average = events.reduce((sum, event) => sum + event.size, 0) / events.length
    const fitting = Math.ceil(this.tuning.page_bytes / Math.max(average, 1))
    this.#page_events = Math.min(this.tuning.page_events, fitting)
  }
}
