import { type DurableEvent, ProblemError, type Role, type User } from '@parley/contracts'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { textsOf } from '../../src/connection/text-frame.ts'
import { parleyV1Dialect } from '../../src/dialects/parley-v1-dialect.ts'
import { GatewayMetrics } from '../../src/gateway-metrics.ts'
import { Confirmation } from '../../src/rooms/confirmation.ts'
import type { Dialect } from '../../src/rooms/dialect.ts'
import { Pace } from '../../src/rooms/pace.ts'
import { Room } from '../../src/rooms/room.ts'
import { type EndReason, type Subscriber, Subscription, type Wish } from '../../src/rooms/subscription.ts'
import { TurnEnd } from '../../src/rooms/turn-end.ts'
import { WriteLoad } from '../../src/rooms/write-load.ts'
import { defaultTuning, type Tuning } from '../../src/tuning.ts'
import { FakeConversation } from '../fake-conversation.ts'

/** What a reader was sent, parsed: a durable frame, or a simple one. */
export type Sent = { type: string; seq?: number; prev?: number } & Record<string, unknown>

/** A subscriber without a socket: its buffer fills and drains when the test says so. */
export class Reader implements Subscriber {
  readonly user_id: string
  readonly dialect: Dialect
  readonly frames: Sent[] = []
  readonly lags: [number, number][] = []
  /** Called with each frame as it is written; the first error it throws is kept. */
  onFrame: (frame: Sent) => void = () => {}
  broken: Error | undefined
  writes = 0
  congested = false
  answered: { head: number; role: Role } | undefined
  refusal: ProblemError | undefined
  end: EndReason | undefined
  subscription: Subscription | undefined
  readonly #parked = new Set<Subscription>()

  constructor(user: User, dialect: Dialect = parleyV1Dialect) {
    this.user_id = user.id
    this.dialect = dialect
  }

  get ready(): boolean {
    return !this.congested
  }

  get seqs(): (number | undefined)[] {
    return this.frames.map(({ seq }) => seq)
  }

  write(bytes: Buffer): void {
    this.writes++
    for (const text of textsOf(bytes)) {
      const frame = JSON.parse(text.toString()) as Sent
      try {
        this.onFrame(frame)
      } catch (error) {
        this.broken ??= error instanceof Error ? error : new Error(String(error))
      }
      this.frames.push(frame)
    }
  }

  writeVolatile(bytes: Buffer): void {
    this.write(bytes)
  }

  park(subscription: Subscription): void {
    this.#parked.add(subscription)
  }

  drain(): void {
    this.congested = false
    for (const subscription of this.#parked) subscription.room.resume(subscription)
    this.#parked.clear()
  }

  subscribed(subscription: Subscription): void {
    this.answered = { head: subscription.cursor, role: subscription.membership?.role ?? 'member' }
  }

  refused(_: Subscription, error: ProblemError): void {
    this.refusal = error
  }

  lagging(_: Subscription, from: number, to: number): void {
    this.lags.push([from, to])
  }

  ended(_: Subscription, reason: EndReason): void {
    this.end = reason
  }
}

/** A room on a conversation, with doorbells that ring only when told to. */
export class RoomBench {
  readonly conversation: FakeConversation
  readonly room: Room
  readonly confirmation: Confirmation
  /** Changes whose doorbell did not ring yet. */
  readonly doorbells: DurableEvent[] = []
  /** How often the room was read. */
  reads: { since: number | null; users: number }[] = []
  failing = false
  readonly #held: (() => void)[] = []
  holding = false

  constructor(tuning: Partial<Tuning> = {}) {
    this.conversation = new FakeConversation((event) => this.doorbells.push(event))
    const logger = pino({ level: 'silent' })
    const all = { ...defaultTuning, ...tuning }
    this.confirmation = new Confirmation(all.unconfirmed_ms, () => this.room.suspend())
    this.room = new Room(this.conversation.id, {
      readRoom: async (read) => {
        this.reads.push({ since: read.since, users: read.users.length })
        if (this.failing) throw new ProblemError('unavailable')
        const page = this.conversation.read(read)
        if (this.holding) await new Promise<void>((resolve) => this.#held.push(resolve))
        return page
      },
      turnEnd: new TurnEnd(logger),
      writeLoad: new WriteLoad(all.coalesce_ms, () => 0.001),
      pace: new Pace(all.others_ms),
      confirmation: this.confirmation,
      tuning: all,
      metrics: new GatewayMetrics(new Registry()),
      logger
    })
    this.room.listen()
  }

  user(name: string): User {
    return { id: crypto.randomUUID(), username: name, display_name: name }
  }

  subscribe(reader: Reader, wish: Wish = {}): Subscription {
    const subscription = new Subscription(this.room, reader, wish)
    reader.subscription = subscription
    this.room.add(subscription)
    return subscription
  }

  /** Rings the n-th waiting doorbell; false if there is none. */
  ring(n = 0): boolean {
    const [event] = this.doorbells.splice(n, 1)
    if (event) this.room.receive(event)
    return event !== undefined
  }

  ringAll(): void {
    while (this.ring());
  }

  beat(): void {
    this.room.expect(this.conversation.head)
    this.room.unblock()
  }

  /** Answers the reads that were held back. */
  release(): void {
    this.holding = false
    for (const resolve of this.#held.splice(0)) resolve()
  }

  /** Enough turns for whatever is under way to finish. */
  async settle(turns = 20): Promise<void> {
    for (let n = 0; n < turns; n++) await new Promise((resolve) => setImmediate(resolve))
  }
}

/** A room with one member, who talks; the doorbells so far have rung. */
export function started(tuning: ConstructorParameters<typeof RoomBench>[0] = {}) {
  const bench = new RoomBench(tuning)
  const user = bench.user('ada')
  bench.conversation.add(user)
  bench.ringAll()
  const say = (count: number) => {
    for (let n = 0; n < count; n++) bench.conversation.send(user, `message ${n}`)
  }
  const join = (since?: number) => {
    const reader = new Reader(user)
    bench.subscribe(reader, { since })
    return reader
  }
  return { bench, user, say, join }
}
