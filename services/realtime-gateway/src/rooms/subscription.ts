import type { Id, ProblemError, Role } from '@parley/contracts'
import type { Dialect } from './dialect.ts'
import type { Room } from './room.ts'
import type { RoomEvent } from './room-event.ts'

/** That a user is a member, as of `head`. */
export interface Membership {
  head: number
  role: Role
  read_seq: number
}

export type EndReason = 'not_a_member' | 'conversation_deleted'

/** Whoever listens to rooms: a socket, an event stream. */
export interface Subscriber {
  readonly user_id: Id
  readonly dialect: Dialect
  /** So much is buffered that nothing may be written. */
  readonly congested: boolean
  /** So little is buffered that a page may go. */
  readonly ready: boolean
  write(bytes: Buffer): void
  /** Something nobody misses if it is dropped: a finished WebSocket frame. */
  writeVolatile(bytes: Buffer): void
  /** Calls `subscription.room.resume` once `ready` again. */
  park(subscription: Subscription): void
  /** Everything up to the head was written. */
  subscribed(subscription: Subscription): void
  /** There is no subscription: not a member, a cursor ahead, the api out of reach. */
  refused(subscription: Subscription, error: ProblemError): void
  /** Was too slow; what it missed between `from` and `to` follows. */
  lagging(subscription: Subscription, from: number, to: number): void
  ended(subscription: Subscription, reason: EndReason): void
}

export interface Wish {
  /** The cursor to go on from; without it, the head. */
  since?: number | undefined
  /** Known already, so that it is not read again. */
  membership?: Membership | undefined
  /** Returned with the answer. */
  ref?: string | number | undefined
  /** Asked for by itself, and counted; not as one of all rooms. */
  explicit?: boolean
}

/**
 * One reader of one room. *live*: its cursor is the room's, it is in the broadcast set. *behind*: it gets the ring or pages, as
 * its buffer allows, until it is live. Everything up to `cursor` was written, nothing beyond it.
 */
export class Subscription {
  readonly room: Room
  readonly subscriber: Subscriber
  readonly wish: Wish
  state: 'behind' | 'live' | 'ended' = 'behind'
  /** -1 until it is known where to begin. */
  cursor: number
  /** Undefined while it must be asked for. */
  membership: Membership | undefined
  answered = false
  /**
   * A cursor from which on it will have seen every row. Below, it may have come by pages out of which a row had moved: that row
   * comes again further on, and must come whole.
   */
  whole_from: number
  /** Waits for its subscriber's buffer to drain. */
  parked = false
  /** The cursor at which it became too slow. */
  lagging_from: number | undefined
  /** How far this reader told us it has read: others tell it of more only. */
  read_seq = 0
  /** Where its replay began, and the messages it was told of since: for readers without a cursor of their own. */
  #replay_from: number
  #told: Set<number> | undefined

  constructor(room: Room, subscriber: Subscriber, wish: Wish) {
    this.room = room
    this.subscriber = subscriber
    this.wish = wish
    this.membership = wish.membership
    this.cursor = wish.since ?? wish.membership?.head ?? -1
    this.#replay_from = this.cursor
    this.whole_from = this.judged_at
  }

  /** The head at which membership was last checked: what happened later is in the events. */
  get judged_at(): number {
    return this.membership?.head ?? -1
  }

  noteRead(seq: number): void {
    this.read_seq = Math.max(this.read_seq, seq)
  }

  /** Puts the cursor where a replay begins. */
  startAt(cursor: number): void {
    this.cursor = cursor
    this.#replay_from = cursor
    this.#told = undefined
  }

  /**
   * True the first time a replay shows a message that was created after it began, but not as its creation: the creation was
   * compacted away, and whoever has no cursor must hear of the message as a new one.
   */
  isUnseen(event: RoomEvent): boolean {
    const seq = event.message_seq
    if (seq === undefined || seq <= this.#replay_from || this.#told?.has(seq)) return false
    this.#told ??= new Set()
    this.#told.add(seq)
    return event.kind !== 'message.created'
  }
}
