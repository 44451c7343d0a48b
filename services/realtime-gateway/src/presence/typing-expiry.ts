import { type Id, limits } from '@parley/contracts'
import type { Room } from '../rooms/room.ts'
import { decodeTyping, encodeTyping } from '../rooms/typing.ts'

/** How often it is looked for what ran out, in milliseconds. */
const LOOK_EVERY_MS = 500

/**
 * Passes on who types, and says that it ended when it was not repeated in time: the client may have died, or its gateway. Every
 * gateway does so for its own listeners, so that nothing has to arrive for a "typing" to end.
 */
export class TypingExpiry {
  readonly #ttl_ms: number
  /** Until when, on the monotonic clock. */
  readonly #typing = new Map<Room, Map<Id, number>>()
  #timer: NodeJS.Timeout | undefined

  constructor(ttl_ms: number) {
    this.#ttl_ms = ttl_ms
  }

  /** Something came over the bus for this room. */
  receive(room: Room, payload: Uint8Array): void {
    const typing = decodeTyping(payload, room.id)
    if (!typing) return
    const { user_id, on, wire } = typing
    // What they were told began ends, however many listen by then.
    const told = !on && this.#typing.get(room)?.has(user_id)
    if (room.live.size > limits.typing_listeners && !told) return
    if (on) this.#note(room, user_id)
    else this.#typing.get(room)?.delete(user_id)
    room.tellTyping(wire, user_id)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#typing.clear()
  }

  #note(room: Room, user_id: Id): void {
    const users = this.#typing.get(room) ?? new Map<Id, number>()
    this.#typing.set(room, users.set(user_id, performance.now() + this.#ttl_ms))
    this.#timer ??= setTimeout(() => this.#look(), LOOK_EVERY_MS)
  }

  #look(): void {
    this.#timer = undefined
    const now = performance.now()
    for (const [room, users] of this.#typing) {
      for (const [user_id, until] of users) if (until <= now) this.#end(room, users, user_id)
      if (users.size === 0) this.#typing.delete(room)
    }
    if (this.#typing.size > 0) this.#timer = setTimeout(() => this.#look(), LOOK_EVERY_MS)
  }

  #end(room: Room, users: Map<Id, number>, user_id: Id): void {
    users.delete(user_id)
    const ended = decodeTyping(encodeTyping({ conversation_id: room.id, user_id, on: false }), room.id)
    if (ended) room.tellTyping(ended.wire, user_id)
  }
}
