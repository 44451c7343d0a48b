import type { DurableEvent } from '@parley/contracts'
import type { Room } from './room.ts'

/**
 * Puts what the bus brings in order. The next event is appended, an old one dropped; one from beyond a gap is kept while the gap
 * is read from the api, once for the whole room. A failed read waits for the next beat, which knows the head.
 */
export class GapFill {
  readonly #room: Room
  readonly #ahead = new Map<number, DurableEvent>()
  #wanted = 0
  /** The head of the last page that did not reach it: until `last` is there, only pages may follow. */
  paged_head = 0
  #reading = false

  constructor(room: Room) {
    this.#room = room
  }

  /** Events are known of that are not here. */
  get wanting(): boolean {
    return this.#wanted > this.#room.last
  }

  receive(event: DurableEvent): void {
    if (event.seq <= this.#room.last) return
    // A leftover of the outbox, without its frame: what is there now has to be read.
    if (event.frame.length === 0) return this.expect(event.seq)
    if (event.seq > this.#wanted) this.#wanted = event.seq
    if (this.#isNext(event)) {
      this.#room.append(event)
      this.#takeAhead()
    } else if (this.#ahead.size < this.#room.tuning.ahead_events) {
      this.#ahead.set(event.seq, event)
    }
    this.#room.schedule()
  }

  /** The conversation is known to be at `head`. */
  expect(head: number): void {
    if (head <= this.#wanted) return
    this.#wanted = head
    if (this.wanting) this.#room.schedule()
  }

  /** After a page: what was kept may be next now. A page that ends before its head wants another one. */
  settle(head: number): void {
    if (head > this.#room.last) {
      this.paged_head = Math.max(this.paged_head, head)
      this.expect(head)
    }
    this.#takeAhead()
    for (const seq of this.#ahead.keys()) if (seq <= this.#room.last) this.#ahead.delete(seq)
  }

  run(): void {
    if (this.#reading || !this.wanting || !this.#room.ring || !this.#room.mayRead) return
    this.#reading = true
    this.#room.background(
      this.#fill().finally(() => {
        this.#reading = false
        this.#room.schedule()
      })
    )
  }

  async #fill(): Promise<void> {
    this.#room.metrics.fills.inc()
    const since = this.#room.last
    const wanted = this.#wanted
    const page = await this.#room.read(since, [])
    if (!page) return
    this.#room.absorb(page, since)
    // What was claimed before the read and is not in a complete page does not exist: such a doorbell was wrong.
    if (page.next_since >= page.head && this.#wanted === wanted) {
      this.#wanted = this.#room.last
      this.#ahead.clear()
    }
    if (page.next_since <= since) this.#room.block()
  }

  #takeAhead(): void {
    for (;;) {
      const next = this.#ahead.get(this.#room.last + 1)
      if (!next || !this.#isNext(next)) return
      this.#ahead.delete(next.seq)
      this.#room.append(next)
    }
  }

  // After part of a compacted range an event from the bus could speak of a row that moved out of it and was not told: a reaction
  // to a message that nobody got.
  #isNext({ seq }: DurableEvent): boolean {
    const { ring, last } = this.#room
    return ring !== undefined && seq === last + 1 && last >= this.paged_head
  }
}
