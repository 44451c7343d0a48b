import { type ConversationApi, type Id, ProblemError, type UserRooms } from '@parley/contracts'
import type { Logger } from 'pino'
import type { Connection, SubscriptionOutcome } from '../connection/connection.ts'
import type { Ref } from '../connection/protocol.ts'
import type { RoomRegistry } from '../rooms/room-registry.ts'
import type { Subscription } from '../rooms/subscription.ts'

type ListedRoom = UserRooms['rooms'][number]

/** That many subscriptions take about two milliseconds. */
const ROOMS_PER_TURN = 200

interface Listing {
  rooms: readonly ListedRoom[]
  cursors: Readonly<Record<Id, number>>
  from: number
}

interface Follower {
  /** The rooms it was subscribed to, and with which membership: who is added again is subscribed again. */
  joined: Map<Id, number>
  /** How far it is in rooms it is not in at present: it goes on from there when it is added again. */
  left_at: Map<Id, number>
  /** Rooms that a connection for notifications passes over. */
  quiet: Set<Id>
  /** Rooms of the first listing that were not answered yet; undefined once `subscribed_all` was sent. */
  pending: Set<Id> | undefined
  ref: Ref
}

interface Followed {
  /** Of the list the followers were last brought up to. */
  version: number
  followers: Map<Connection, Follower>
  listing: Promise<void> | undefined
  /** The list has changed since it was asked for. */
  stale: boolean
}

interface FollowerServices {
  api: Pick<ConversationApi, 'roomsOf'>
  rooms: RoomRegistry
  logger: Logger
}

/**
 * Connections that listen to all rooms of their user, whichever those are: `subscribe_all` and `/ws/notifications/`. A user's list
 * is read once for all of its connections, and again when a control message or the beat says that it changed.
 */
export class RoomFollower {
  readonly #users = new Map<Id, Followed>()
  readonly #services: FollowerServices

  constructor(services: FollowerServices) {
    this.#services = services
  }

  /** Subscribes to every room: from its cursor, else from the head as of now. Followed until the connection ends. */
  follow(connection: Connection, cursors: Readonly<Record<Id, number>>, ref?: Ref): void {
    void this.#follow(connection, cursors, ref).catch((error: unknown) => {
      this.#services.logger.debug({ err: error }, 'room list not read')
      connection.protocol.error(connection, new ProblemError('unavailable', { retry_after_ms: 1_000 }), {
        ref
      })
    })
  }

  /** The same from a list that was read before: what happened since comes too. */
  followFrom(
    connection: Connection,
    { rooms, rooms_version }: UserRooms,
    cursors: Readonly<Record<Id, number>> = {},
    ref?: Ref
  ): void {
    const followed = this.#followed(connection.user.id, rooms_version)
    const follower: Follower = {
      joined: new Map(),
      left_at: new Map(),
      quiet: new Set(),
      pending: new Set(rooms.map((room) => room.conversation_id)),
      ref
    }
    followed.followers.set(connection, follower)
    this.#refuseOthers(connection, cursors, follower)
    this.#subscribeRest(connection, follower, { rooms, cursors, from: 0 })
    // The list of this user's other connections may be newer.
    if (followed.version !== rooms_version) this.changed(connection.user.id)
  }

  unfollow(connection: Connection): void {
    const followed = this.#users.get(connection.user.id)
    followed?.followers.delete(connection)
    if (followed?.followers.size === 0) this.#users.delete(connection.user.id)
  }

  /** The user's list is at another version, or, without one, something made it worth another look. */
  changed(user: Id, version?: number): void {
    const followed = this.#users.get(user)
    if (!followed || followed.version === version) return
    followed.stale = true
    followed.listing ??= this.#refresh(user, followed).finally(() => {
      followed.listing = undefined
    })
  }

  /** For the beat. */
  *versions(): IterableIterator<[Id, number]> {
    for (const [id, { version }] of this.#users) yield [id, version]
  }

  /** A subscription of a connection was answered, refused or ended. */
  settled(connection: Connection, subscription: Subscription, outcome: SubscriptionOutcome): void {
    const followed = this.#users.get(connection.user.id)
    const follower = followed?.followers.get(connection)
    if (!follower) return
    this.#answer(connection, follower, subscription.room.id)
    if (outcome !== 'not_a_member') return
    follower.left_at.set(subscription.room.id, subscription.cursor)
    // The user may have been added again before its removal came by here.
    this.changed(connection.user.id)
  }

  async #follow(connection: Connection, cursors: Readonly<Record<Id, number>>, ref: Ref): Promise<void> {
    const list = await this.#services.api.roomsOf(connection.user.id)
    if (connection.isOpen) this.followFrom(connection, list, cursors, ref)
  }

  /** A part a turn: the ten thousand rooms of one user must not hold up everyone else's messages. */
  #subscribeRest(connection: Connection, follower: Follower, listing: Listing): void {
    const { rooms, cursors, from } = listing
    // It is gone, or has asked anew.
    if (this.#users.get(connection.user.id)?.followers.get(connection) !== follower) return
    for (const room of rooms.slice(from, from + ROOMS_PER_TURN))
      this.#subscribeFirst(connection, follower, room, cursors[room.conversation_id])
    const next = from + ROOMS_PER_TURN
    if (next >= rooms.length) this.#answer(connection, follower)
    else setImmediate(() => this.#subscribeRest(connection, follower, { ...listing, from: next }))
  }

  #subscribeFirst(
    connection: Connection,
    follower: Follower,
    room: ListedRoom,
    cursor: number | undefined
  ): void {
    const { conversation_id, joined_seq, head } = room
    if (silences(connection, room)) return this.#silence(connection, follower, room)
    if (cursor !== undefined || !connection.subscriptions.has(conversation_id))
      return this.#subscribe(connection, follower, room, cursor ?? head)
    // Subscribed by itself before, and nothing was said of moving its cursor.
    follower.joined.set(conversation_id, joined_seq)
    follower.pending?.delete(conversation_id)
  }

  #silence(connection: Connection, follower: Follower, { conversation_id, joined_seq }: ListedRoom): void {
    follower.joined.set(conversation_id, joined_seq)
    follower.pending?.delete(conversation_id)
    follower.quiet.add(conversation_id)
    connection.unsubscribe(conversation_id)
  }

  /** A cursor for a room that is not on the list: whoever kept it is told that there is nothing more for it. */
  #refuseOthers(
    connection: Connection,
    cursors: Readonly<Record<Id, number>>,
    { pending, left_at, ref }: Follower
  ): void {
    for (const [conversation_id, cursor] of Object.entries(cursors)) {
      if (pending?.has(conversation_id)) continue
      left_at.set(conversation_id, cursor)
      connection.protocol.error(connection, new ProblemError('not_found'), { ref, conversation_id })
    }
  }

  async #refresh(user: Id, followed: Followed): Promise<void> {
    while (followed.stale) {
      followed.stale = false
      try {
        const { rooms, rooms_version } = await this.#services.api.roomsOf(user)
        followed.version = rooms_version
        for (const [connection, follower] of followed.followers) this.#update(connection, follower, rooms)
      } catch (error) {
        // The version is still the old one: the next beat asks again.
        this.#services.logger.debug({ err: error }, 'room list not read')
      }
    }
  }

  #update(connection: Connection, follower: Follower, rooms: readonly ListedRoom[]): void {
    for (const room of rooms) {
      const { conversation_id, joined_seq, head } = room
      if (silences(connection, room)) {
        this.#silence(connection, follower, room)
        continue
      }
      if (follower.quiet.delete(conversation_id)) {
        this.#subscribe(connection, follower, room, head)
        continue
      }
      if (connection.subscriptions.has(conversation_id)) continue
      // Of the first listing, and yet to come.
      if (follower.pending?.has(conversation_id) && !follower.joined.has(conversation_id)) continue
      // Refused or unsubscribed before, and not added anew since.
      if (follower.joined.get(conversation_id) === joined_seq) continue
      this.#subscribe(connection, follower, room, follower.left_at.get(conversation_id) ?? joined_seq - 1)
    }
  }

  #subscribe(connection: Connection, follower: Follower, room: ListedRoom, since: number): void {
    const { conversation_id, head, role, read_seq, joined_seq } = room
    follower.joined.set(conversation_id, joined_seq)
    follower.left_at.delete(conversation_id)
    const membership = { head, role, read_seq }
    connection.adopt(this.#services.rooms.subscribe(connection, conversation_id, { since, membership }))
  }

  #answer(connection: Connection, follower: Follower, settled?: Id): void {
    const { pending, ref, joined } = follower
    if (!pending) return
    if (settled !== undefined) pending.delete(settled)
    if (pending.size > 0) return
    follower.pending = undefined
    connection.protocol.subscribedAll(connection, joined.size, ref)
  }

  #followed(user: Id, version: number): Followed {
    const known = this.#users.get(user)
    if (known) return known
    const followed: Followed = { version, followers: new Map(), listing: undefined, stale: false }
    this.#users.set(user, followed)
    return followed
  }
}

/** Only notifications are silenced: who follows the conversations themselves sees everything. */
function silences({ scope }: Connection, { quiet }: ListedRoom): boolean {
  return quiet === true && scope.kind === 'notifications'
}
