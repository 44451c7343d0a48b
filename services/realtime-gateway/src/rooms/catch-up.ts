import { ProblemError, type RoomPage } from '@parley/contracts'
import { Batch, type Joined, join } from './batch.ts'
import type { Room } from './room.ts'
import type { RoomEvent } from './room-event.ts'
import type { Subscription } from './subscription.ts'

/**
 * Brings a room's subscriptions that are behind up to the room: subscribing, resuming, lagging and an unconfirmed session are all
 * this. A reader further back than the ring gets pages, one read serving everyone whose cursor lies inside; one within the ring
 * gets the ring's rest and joins the live set in the same turn.
 *
 * Why nobody reads what they may not: membership is checked in a snapshot with head h, so any later removal has a seq above h
 * and is met, in order, among the events after the cursor; delivery stops there.
 */
export class CatchUp {
  readonly #room: Room
  #reading = false

  constructor(room: Room) {
    this.#room = room
  }

  run(): void {
    if (this.#room.behind.size === 0) return
    const waiting = this.#advanceAll()
    if (this.#reading || waiting.length === 0) return
    if (!this.#room.mayRead) return this.#refuse(waiting)
    this.#reading = true
    this.#room.background(
      this.#read(waiting).finally(() => {
        this.#reading = false
        this.#room.schedule()
      })
    )
  }

  /** Serves from the ring whoever may be; returns those who need the api. */
  #advanceAll(): Subscription[] {
    const { ring, behind } = this.#room
    const recent = new Batch(ring?.events ?? [])
    const waiting: Subscription[] = []
    for (const subscription of Array.from(behind)) {
      if (subscription.parked) continue
      if (!subscription.subscriber.ready) this.#park(subscription)
      else if (!subscription.membership) waiting.push(subscription)
      else if (isAhead(subscription)) this.#refuseAhead(subscription)
      else if (!ring || this.#needsPage(subscription)) waiting.push(subscription)
      else this.#serveRing(subscription, recent, ring.last)
    }
    return waiting
  }

  #needsPage({ cursor, whole_from }: Subscription): boolean {
    const { ring } = this.#room
    if (cursor < 0) return false
    return !ring || cursor < ring.floor || (cursor < whole_from && cursor < ring.last_partial)
  }

  #serveRing(subscription: Subscription, recent: Batch, last: number): void {
    if (subscription.cursor <= last) this.#deliver(subscription, recent)
    this.#answer(subscription)
    if (subscription.state !== 'behind') return
    // The api may have told of more than the bus did, so far.
    const target = Math.max(subscription.cursor, subscription.whole_from, this.#room.whole_from)
    if (target > last) this.#room.expect(target)
    else if (subscription.cursor < last) this.#room.schedule()
    else this.#room.promote(subscription)
  }

  async #read(waiting: Subscription[]): Promise<void> {
    const asking = waiting.filter((subscription) => !subscription.membership)
    const since = this.#startOfPage(waiting)
    const users = new Set(asking.map((subscription) => subscription.subscriber.user_id))
    const page = await this.#room.read(since, [...users])
    if (!page) return this.#refuse(asking)
    if (!this.#room.mayWrite) return
    for (const subscription of asking) this.#judge(subscription, page)
    const batch = this.#room.absorb(page, since)
    if (since === null) return
    for (const subscription of Array.from(this.#room.behind))
      if (since <= subscription.cursor && this.#needsPage(subscription))
        this.#servePage(subscription, batch, page)
    // Nothing came although somebody needs it: ask again after the next beat, not in a circle.
    if (page.next_since <= since && waiting.some((one) => this.#needsPage(one))) this.#room.block()
  }

  /** The cursor of whoever waits longest, or a lower one that the same page is likely to serve too; null: no page is needed. */
  #startOfPage(waiting: readonly Subscription[]): number | null {
    const cursors = waiting.filter((one) => this.#needsPage(one)).map(({ cursor }) => cursor)
    const [first] = cursors
    if (first === undefined) return null
    return Math.min(...cursors.filter((cursor) => cursor > first - this.#room.tuning.page_events))
  }

  #judge(subscription: Subscription, { head, members }: RoomPage): void {
    if (subscription.state === 'ended') return
    const member = members[subscription.subscriber.user_id]
    if (!member) {
      if (subscription.answered) this.#room.end(subscription, 'not_a_member')
      else this.#room.refuse(subscription, new ProblemError('not_found'))
      return
    }
    subscription.membership = { head, ...member }
    if (subscription.answered) return
    subscription.whole_from = head
    if (subscription.wish.since === undefined) subscription.startAt(head)
  }

  #servePage(subscription: Subscription, batch: Batch, { head, next_since }: RoomPage): void {
    if (!subscription.membership || subscription.parked || isAhead(subscription)) return
    if (subscription.cursor >= next_since) return
    if (!subscription.subscriber.ready) return this.#park(subscription)
    const all = this.#deliver(subscription, batch)
    if (all) subscription.cursor = next_since
    subscription.whole_from = all && next_since === head ? head : Math.max(subscription.whole_from, head)
    this.#answer(subscription)
    if (subscription.state === 'behind') this.#room.moveToEnd(subscription)
  }

  /** Writes what of the batch lies after the cursor; true if that was all of it. */
  #deliver(subscription: Subscription, batch: Batch): boolean {
    const { subscriber, judged_at } = subscription
    // Who asked for no replay is told where it begins before it gets anything.
    this.#answer(subscription)
    this.#tellLag(subscription)
    const from = batch.indexAfter(subscription.cursor)
    let to = from
    let size = 0
    let end: ReturnType<RoomEvent['endsFor']>
    while (to < batch.events.length && size < this.#room.tuning.page_bytes && !end) {
      const event = batch.events[to++]
      if (!event) break
      size += event.size
      end = event.endsFor(subscriber.user_id, judged_at)
    }
    if (!end) to = batch.commonEnd(from, to)
    if (to > from) {
      this.#write(subscription, batch, from, to)
      subscription.cursor = batch.events[to - 1]?.seq ?? subscription.cursor
    }
    if (end) this.#room.end(subscription, end)
    return to === batch.events.length && !end
  }

  #write(subscription: Subscription, batch: Batch, from: number, to: number): void {
    const { subscriber } = subscription
    const joined: Joined = subscriber.dialect.by_cursor
      ? batch.for(subscriber, from, to)
      : join(batch.events.slice(from, to), subscriber.dialect, subscriber.user_id, (event) =>
          subscription.isUnseen(event)
        )
    if (!joined.bytes) return
    subscriber.write(joined.bytes)
    this.#room.metrics.delivered(joined.count, joined.bytes.length)
  }

  #tellLag(subscription: Subscription): void {
    const { lagging_from: from } = subscription
    subscription.lagging_from = undefined
    if (from === undefined || from >= this.#room.last) return
    this.#room.metrics.lagging.inc()
    subscription.subscriber.lagging(subscription, from, this.#room.last)
  }

  /**
   * Due when everything up to the cursor was written: up to the head that membership was judged at, and beyond it as far as pages
   * were read, since a row that moved out of one is still to come. Who asked for no replay has nothing to wait for.
   */
  #answer(subscription: Subscription): void {
    const { membership, answered, state, cursor, wish, whole_from } = subscription
    if (answered || state === 'ended' || !membership || cursor < membership.head) return
    if (wish.since !== undefined && cursor < Math.max(whole_from, this.#room.whole_from)) return
    subscription.answered = true
    subscription.subscriber.subscribed(subscription)
  }

  #park(subscription: Subscription): void {
    subscription.parked = true
    subscription.subscriber.park(subscription)
  }

  #refuseAhead(subscription: Subscription): void {
    const head = subscription.judged_at
    this.#room.refuse(subscription, new ProblemError('cursor_ahead', { head }))
  }

  /** Whoever asks to join is told to come again; who was let in already waits for the next beat. */
  #refuse(asking: readonly Subscription[]): void {
    for (const subscription of asking) {
      if (subscription.answered || subscription.membership || subscription.wish.membership) continue
      this.#room.refuse(subscription, new ProblemError('unavailable', { retry_after_ms: 1_000 }))
    }
  }
}

/** What it was asked to go on from does not exist yet. */
function isAhead({ answered, wish, judged_at }: Subscription): boolean {
  return !answered && wish.since !== undefined && wish.since > judged_at
}
