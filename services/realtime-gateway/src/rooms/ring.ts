import type { Id } from '@parley/contracts'
import type { RoomEvent } from './room-event.ts'

interface RingBounds {
  ring_events: number
  ring_bytes: number
}

/**
 * The recent end of a number line, without holes: every change after `floor`, up to `last`, is among `events`, each row where its
 * latest change known here put it. Old events leave when there are too many or too large ones.
 */
export class Ring {
  /** The lowest cursor that can be served from here. */
  floor: number
  /** The highest seq this gateway knows. */
  last: number
  /**
   * The last event that does not show its row whole. Up to there only a reader who has seen every row may be served from here.
   */
  last_partial = 0
  readonly events: RoomEvent[] = []
  readonly #bounds: RingBounds
  #bytes = 0

  constructor(start: number, bounds: RingBounds) {
    this.floor = start
    this.last = start
    this.#bounds = bounds
  }

  /** The next event; it must follow `last`. The ring may be `times` as large as its bounds say. */
  append(event: RoomEvent, times = 1): void {
    if (event.kind === 'message.deleted') this.#forget(event.subject_id)
    this.events.push(event)
    this.#bytes += event.size
    this.last = event.seq
    if (event.kind === 'message.reacted') this.last_partial = event.seq
    const { ring_events, ring_bytes } = this.#bounds
    while (this.events.length > ring_events * times || this.#bytes > ring_bytes * times) this.#evict()
  }

  /** What a deleted message said leaves with everything older: whoever resumes from before it reads what is there now. */
  #forget(message: Id): void {
    const held = this.events.findLastIndex(({ subject_id }) => subject_id === message)
    for (let n = 0; n <= held; n++) this.#evict()
  }

  #evict(): void {
    const oldest = this.events.shift()
    if (!oldest) return
    this.#bytes -= oldest.size
    this.floor = oldest.seq
  }
}
