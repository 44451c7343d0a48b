import { randomUUIDv7 } from 'node:crypto'
import {
  type Authenticated,
  type BeatReply,
  type BeatReport,
  type Command,
  type CommandResult,
  type ConversationApi,
  type Credential,
  type DurableEvent,
  type Id,
  type PresenceChange,
  type PresenceReply,
  type PresenceReport,
  type PresenceStatus,
  ProblemError,
  type RoomPage,
  type RoomRead,
  type User,
  type UserRooms
} from '@parley/contracts'
import { FakeConversation } from './fake-conversation.ts'

export interface SignedIn {
  user: User
  token: string
  session_id: Id
}

type Method = keyof ConversationApi

/**
 * The port in memory, with real number lines. What it faked would be Postgres: the real one has tests of its own, and the acceptance
 * tests join the two.
 */
export class FakeConversationApi implements ConversationApi {
  readonly conversations = new Map<Id, FakeConversation>()
  /** Every call, as `method` and what was asked. */
  readonly calls: { method: Method; asked: unknown }[] = []
  /** Hears every change right after its "commit". */
  doorbell: (event: DurableEvent) => void = () => {}
  /** What each gateway said of its users. */
  readonly leases = new Map<Id, Map<Id, PresenceStatus>>()
  readonly #quiet = new Set<string>()
  readonly #presence: PresenceChange[] = []
  readonly #sessions = new Map<string, SignedIn>()
  readonly #tickets = new Map<string, SignedIn>()
  readonly #versions = new Map<Id, number>()
  readonly #failing = new Set<Method>()
  readonly #held = new Map<Method, Promise<void>>()

  signIn(username: string, user: User = { id: randomUUIDv7(), username, display_name: username }): SignedIn {
    const session = { user, token: `token-${randomUUIDv7()}`, session_id: randomUUIDv7() }
    this.#sessions.set(session.token, session)
    return session
  }

  signOut({ token }: SignedIn): void {
    this.#sessions.delete(token)
  }

  ticket(session: SignedIn): string {
    const ticket = `ticket-${randomUUIDv7()}`
    this.#tickets.set(ticket, session)
    return ticket
  }

  conversation(...users: User[]): FakeConversation {
    const conversation = new FakeConversation((event) => {
      if (event.kind.startsWith('member.') || event.kind === 'conversation.deleted')
        this.#bump(event.subject_id)
      this.doorbell(event)
    })
    this.conversations.set(conversation.id, conversation)
    for (const [n, user] of users.entries()) conversation.add(user, n === 0 ? 'owner' : 'member')
    return conversation
  }

  /** Mutes a conversation for a user, or ends that. */
  mute(user: Id, conversation_id: Id, on = true): void {
    if (on) this.#quiet.add(`${user} ${conversation_id}`)
    else this.#quiet.delete(`${user} ${conversation_id}`)
    this.#bump(user)
  }

  roomsVersion(user: Id): number {
    return this.#versions.get(user) ?? 1
  }

  /** From now on these methods reject, or work again. */
  fail(...methods: Method[]): void {
    for (const method of methods) this.#failing.add(method)
  }

  heal(): void {
    this.#failing.clear()
  }

  /** Answers to `method` wait until the returned function is called; what they tell is of the moment they were asked. */
  hold(method: Method): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#held.set(method, promise)
    return () => {
      this.#held.delete(method)
      resolve()
    }
  }

  countOf(method: Method): number {
    return this.calls.filter((call) => call.method === method).length
  }

  authenticate(credential: Credential): Promise<Authenticated | null> {
    return this.#answer('authenticate', credential, () => {
      const found =
        credential.kind === 'session'
          ? this.#sessions.get(credential.token)
          : this.#tickets.get(credential.ticket)
      if (credential.kind === 'ticket') this.#tickets.delete(credential.ticket)
      if (!found) return null
      const { user, session_id } = found
      return { user, session_id, rooms_version: this.roomsVersion(user.id), expires_at: Date.now() + 1e9 }
    })
  }

  execute(commands: Command[]): Promise<CommandResult[]> {
    return this.#answer('execute', commands, () => commands.map((command) => this.#run(command)))
  }

  readRooms(reads: RoomRead[]): Promise<RoomPage[]> {
    return this.#answer('readRooms', reads, () =>
      reads.map(
        (read) =>
          this.conversations.get(read.conversation_id)?.read(read) ?? {
            conversation_id: read.conversation_id,
            head: 0,
            next_since: 0,
            members: {},
            events: []
          }
      )
    )
  }

  roomsOf(user: Id): Promise<UserRooms> {
    return this.#answer('roomsOf', user, () => ({
      rooms_version: this.roomsVersion(user),
      rooms: [...this.conversations.values()].flatMap(({ id: conversation_id, head, members, deleted }) => {
        const row = members.get(user)
        if (!row || row.removed || deleted) return []
        const { role, read_seq, joined_seq } = row
        const quiet = this.#quiet.has(`${user} ${conversation_id}`)
        return [{ conversation_id, head, role, read_seq, joined_seq, ...(quiet ? { quiet } : {}) }]
      })
    }))
  }

  beat({ rooms, sessions, users }: BeatReport): Promise<BeatReply> {
    return this.#answer('beat', { rooms, sessions, users }, () => {
      const alive = new Set([...this.#sessions.values()].map(({ session_id }) => session_id))
      return {
        rooms: differing(rooms, (id) => this.conversations.get(id)?.head ?? 0),
        ended: sessions.filter((id) => !alive.has(id)),
        users: differing(users, (id) => this.roomsVersion(id))
      }
    })
  }

  /** Leases never run out here, but for those that are forgotten. */
  presence(report: PresenceReport): Promise<PresenceReply> {
    return this.#answer('presence', report, () => {
      const { gateway_id, full, users, since } = report
      const known = full || this.leases.has(gateway_id)
      const lease = (full ? undefined : this.leases.get(gateway_id)) ?? new Map<Id, PresenceStatus>()
      const before = this.leases.get(gateway_id) ?? new Map<Id, PresenceStatus>()
      if (known) this.leases.set(gateway_id, lease)
      for (const [id, status] of Object.entries(users)) lease.set(id, status)
      for (const id of new Set([...before.keys(), ...lease.keys()])) this.#combine(id)
      const changes = since === null ? [] : this.#presence.slice(since)
      return { known, head: this.#presence.length, changes }
    })
  }

  #combine(user_id: Id): void {
    const statuses = [...this.leases.values()].map((lease) => lease.get(user_id))
    const status = (['online', 'away'] as const).find((one) => statuses.includes(one)) ?? 'offline'
    const earlier = this.#presence.findLast((change) => change.user_id === user_id)?.status ?? 'offline'
    const rooms = [...this.conversations.values()].filter((room) => room.isMember(user_id))
    if (status !== earlier) this.#presence.push({ user_id, status, rooms: rooms.map(({ id }) => id) })
  }

  #run({ user, frame }: Command): CommandResult {
    try {
      const conversation = this.conversations.get(frame.conversation_id)
      if (!conversation?.isMember(user.id)) throw new ProblemError('not_found')
      switch (frame.type) {
        case 'send': {
          const { message, replay } = conversation.send(user, frame.body ?? '', frame.client_id ?? null)
          const { seq, id: message_id } = message
          return replay ? { ok: true, seq, message_id, replay, message } : { ok: true, seq, message_id }
        }
        case 'edit':
          return { ok: true, seq: conversation.edit(user, frame.message_id, frame.body).changed_seq }
        case 'delete':
          return { ok: true, seq: conversation.erase(user, frame.message_id).changed_seq }
        case 'react':
        case 'unreact':
          return { ok: true, seq: conversation.react(user, frame.message_id, frame.emoji).changed_seq }
        case 'read':
          return { ok: true, seq: frame.seq }
        default:
          // What else there is changes nothing here: a gateway hands it on and answers alike.
          return { ok: true, seq: conversation.head }
      }
    } catch (error) {
      if (error instanceof ProblemError) return { ok: false, code: error.code, extras: error.extras }
      throw error
    }
  }

  #bump(user: Id): void {
    this.#versions.set(user, this.roomsVersion(user) + 1)
  }

  async #answer<T>(method: Method, asked: unknown, answer: () => T): Promise<T> {
    this.calls.push({ method, asked })
    if (this.#failing.has(method)) throw new Error(`${method} is out of reach`)
    const answered = answer()
    await this.#held.get(method)
    return answered
  }
}

function differing(reported: Record<Id, number>, now: (id: Id) => number): Record<Id, number> {
  return Object.fromEntries(
    Object.keys(reported)
      .map((id) => [id, now(id)] as const)
      .filter(([id, value]) => value !== reported[id])
  )
}
