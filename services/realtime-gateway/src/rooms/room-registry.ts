import { type Id, roomSubject, splitEvents, typingSubject } from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import { TypingExpiry } from '../presence/typing-expiry.ts'
import { traceDelivery } from './delivery-traces.ts'
import { Room, type RoomServices } from './room.ts'
import { type Subscriber, Subscription, type Wish } from './subscription.ts'

interface OpenRoom {
  room: Room
  stops: { stop(): Promise<void> }[]
}

/**
 * The rooms somebody listens to, each with its subscription on the bus. A room opens with its first subscription and closes a
 * little after its last.
 *
 * @example
 * const subscription = rooms.subscribe(connection, conversation_id, { since: 42 })
 */
export class RoomRegistry {
  readonly #rooms = new Map<Id, OpenRoom>()
  readonly #bus: EventBus
  readonly #services: RoomServices
  readonly #typing: TypingExpiry
  #flushing: Promise<void> | undefined

  constructor(bus: EventBus, services: RoomServices) {
    this.#bus = bus
    this.#services = services
    this.#typing = new TypingExpiry(services.tuning.typing_ms)
  }

  get size(): number {
    return this.#rooms.size
  }

  *[Symbol.iterator](): IterableIterator<Room> {
    for (const { room } of this.#rooms.values()) yield room
  }

  get(id: Id): Room | undefined {
    return this.#rooms.get(id)?.room
  }

  /** The answer comes through the subscriber. */
  subscribe(subscriber: Subscriber, id: Id, wish: Wish): Subscription {
    const { room } = this.#rooms.get(id) ?? this.#open(id)
    const subscription = new Subscription(room, subscriber, wish)
    room.add(subscription)
    return subscription
  }

  /** Where every room is, for the beat. */
  *heads(): IterableIterator<[Id, number]> {
    for (const room of this) if (room.ring) yield [room.id, room.last]
  }

  suspend(): void {
    for (const room of this) room.suspend()
  }

  /** Once a beat: what waited for the api goes on, rooms that nobody listened to for a while close. */
  tidy(): void {
    const closing_before = performance.now() - this.#services.tuning.room_linger_ms
    for (const { room } of this.#rooms.values()) {
      if (room.empty_since !== undefined && room.empty_since < closing_before) this.#close(room.id)
      else room.unblock()
    }
  }

  close(): void {
    for (const id of this.#rooms.keys()) this.#close(id)
    this.#typing.close()
  }

  #open(id: Id): OpenRoom {
    const room = new Room(id, this.#services)
    const stops = [
      this.#bus.subscribe(roomSubject(id), (payload, _subject, header) => {
        if (this.#services.tracing) traceDelivery(this.#services.tracing, header, room)
        for (const event of splitEvents(payload)) room.receive(event)
      }),
      this.#bus.subscribe(typingSubject(id), (payload) => this.#typing.receive(room, payload))
    ]
    const open = { room, stops }
    this.#rooms.set(id, open)
    room.background(this.#flushed().then(() => room.listen()))
    return open
  }

  #close(id: Id): void {
    for (const subscription of this.#rooms.get(id)?.stops ?? []) void subscription.stop()
    this.#rooms.delete(id)
  }

  /** Resolves once the bus knows every subscription made in this turn, or could not say: the beat covers for a bus that is away. */
  #flushed(): Promise<void> {
    this.#flushing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
      this.#flushing = undefined
      if (this.#bus.state !== 'connected') return
      try {
        await this.#bus.flush(this.#services.tuning.flush_ms)
      } catch (error) {
        this.#services.logger.debug({ err: error }, 'bus not flushed')
      }
    })
    return this.#flushing
  }
}
