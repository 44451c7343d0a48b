import type { Id } from '@parley/contracts'
import type { Dialect } from './dialect.ts'
import type { RoomEvent } from './room-event.ts'

/** Part of a batch in one dialect. */
export interface Joined {
  /** Null where the dialect has nothing to say. */
  bytes: Buffer | null
  /** How many of the events are in `bytes`. */
  count: number
  except: ReadonlySet<Id> | null
}

interface Reader {
  readonly user_id: Id
  readonly dialect: Dialect
}

/** Parts of a batch end at a multiple of this seq. */
const COMMON_ENDS = 64

/** Events in order. What they are on the wire is joined once and shared by all who get the same part of them. */
export class Batch {
  readonly events: readonly RoomEvent[]
  readonly #whole = new Map<Dialect, Joined>()
  readonly #parts = new Map<string, Joined>()

  constructor(events: readonly RoomEvent[]) {
    this.events = events
  }

  /** The seq the first event follows. */
  get prev(): number {
    return this.events[0]?.prev ?? 0
  }

  get last(): number {
    return this.events.at(-1)?.seq ?? 0
  }

  /** Where the events after `cursor` begin. */
  indexAfter(cursor: number): number {
    let low = 0
    let high = this.events.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.events[middle]?.seq ?? 0) > cursor) high = middle
      else low = middle + 1
    }
    return low
  }

  /**
   * A little before `to`, where other parts end too: readers that are behind come together there, and share what follows. Unchanged
   * at the batch's end.
   */
  commonEnd(from: number, to: number): number {
    if (to === this.events.length) return to
    for (let end = to; end > from; end--) if ((this.events[end - 1]?.seq ?? 0) % COMMON_ENDS === 0) return end
    return to
  }

  /** The events `from` … `to - 1` as `reader` is told of them. */
  for(reader: Reader, from = 0, to = this.events.length): Joined {
    const joined = this.#shared(reader.dialect, from, to)
    if (!joined.except?.has(reader.user_id)) return joined
    return join(this.events.slice(from, to), reader.dialect, reader.user_id)
  }

  #shared(dialect: Dialect, from: number, to: number): Joined {
    const whole = from === 0 && to === this.events.length
    const key = whole ? '' : `${dialect.name} ${from} ${to}`
    const known = whole ? this.#whole.get(dialect) : this.#parts.get(key)
    if (known) return known
    const joined = join(this.events.slice(from, to), dialect)
    if (whole) this.#whole.set(dialect, joined)
    else this.#parts.set(key, joined)
    return joined
  }
}

/** One buffer of all renderings, or of those that are for `user`. */
export function join(
  events: readonly RoomEvent[],
  dialect: Dialect,
  user?: Id,
  unseen: (event: RoomEvent) => boolean = () => false
): Joined {
  const parts: Buffer[] = []
  const except = new Set<Id>()
  for (const event of events) {
    const rendering = event.in(dialect, unseen(event))
    if (!rendering || (user !== undefined && rendering.except === user)) continue
    if (rendering.except !== undefined) except.add(rendering.except)
    parts.push(rendering.bytes)
  }
  const [only] = parts
  return {
    bytes: parts.length > 1 ? Buffer.concat(parts) : (only ?? null),
    count: parts.length,
    except: except.size > 0 ? except : null
  }
}
