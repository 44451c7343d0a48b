import { setTimeout as delay } from 'node:timers/promises'
import type { User } from '@parley/contracts'
import fc from 'fast-check'
import t from 'tap'
import { simpleDialect } from '../../src/dialects/simple-dialect.ts'
import { Reader, RoomBench, type Sent } from './room-bench.ts'

const USERS = 4
const index = fc.nat({ max: 99 })
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), n: index }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('edit' as const, 'erase', 'react'), n: index }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('leave' as const, 'join'), n: index }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('ring' as const, 'ring first'), n: index }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('ring twice' as const, 'lose'), n: index }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('subscribe' as const, 'resubscribe'), n: index }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('stall' as const, 'drain'), n: index }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('hold' as const, 'release', 'release'), n: index })
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('fail' as const, 'beat', 'beat', 'lapse'), n: index })
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('turn' as const), n: index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('others' as const), n: index }) }
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

const tuning = {
  page_events: 4,
  page_bytes: 2_000,
  ring_events: 5,
  ahead_events: 3,
  fan_out_chunk: 2,
  pause_after_ms: 0,
  pauses_ms: 3,
  others_ms: Number.POSITIVE_INFINITY
}

interface ShownFrame {
  type: string
  message_id?: string
  message?: { id: string; seq: number; body: string | null }
}

/** A `parley.v1` client that keeps the client's rule and says when it is broken. */
class Client extends Reader {
  cursor = -1
  /** Where its first connection began: what is older it would fetch as history. */
  from = -1
  readonly shown = new Map<string, string | null>()
  readonly bench: RoomBench

  constructor(bench: RoomBench, user: User) {
    super(user)
    this.bench = bench
    this.onFrame = (frame) => this.#apply(frame)
  }

  connect(since: number | undefined): void {
    this.end = this.refusal = this.answered = undefined
    this.cursor = since ?? -1
    if (this.from < 0) this.from = this.cursor
    this.bench.subscribe(this, { since })
  }

  override subscribed(subscription: NonNullable<Reader['subscription']>): void {
    super.subscribed(subscription)
    if (subscription.cursor < this.cursor) throw new Error('answered with a head below the cursor')
    this.cursor = subscription.cursor
    if (this.from < 0) this.from = this.cursor
  }

  #apply(frame: Sent): void {
    const { seq = 0, prev = 0 } = frame
    if (this.end || this.refusal) throw new Error(`frame ${seq} after the end`)
    if (prev > this.cursor) throw new Error(`gap: ${prev} > ${this.cursor}`)
    if (seq <= this.cursor) throw new Error(`again: ${seq} <= ${this.cursor}`)
    const row = this.bench.conversation.members.get(this.user_id)
    if (row?.removed && seq > row.changed_seq)
      throw new Error(`leak: ${seq} after removal at ${row.changed_seq}`)
    this.cursor = seq
    this.#show(frame as unknown as ShownFrame)
  }

  #show({ type, message, message_id }: ShownFrame): void {
    if (message) this.shown.set(message.id, message.body)
    const about = this.bench.conversation.messages.get(message_id ?? '')
    if (type === 'reaction' && about && about.seq > this.from && !this.shown.has(about.id))
      throw new Error(`a reaction to message ${about.seq}, which was never sent`)
  }
}

/** A client of the simple dialect: it knows messages by id, and no cursor. */
class SimpleClient extends Reader {
  readonly shown = new Map<string, string | null>()
  readonly from: number

  constructor(user: User, from: number) {
    super(user, simpleDialect)
    this.from = from
    this.onFrame = (frame) => this.#show(frame as unknown as ShownFrame)
  }

  #show({ type, message_id, message }: ShownFrame): void {
    if (type === 'message' && message && this.shown.has(message.id)) throw new Error('shown as new twice')
    if (type === 'message_edited' && message && message.seq > this.from && !this.shown.has(message.id))
      throw new Error('edited before shown')
    if (message_id) this.shown.set(message_id, null)
    else if (message) this.shown.set(message.id, message.body)
  }
}

class Run {
  readonly bench = new RoomBench(tuning)
  readonly users = Array.from({ length: USERS }, (_, n) => this.bench.user(`user ${n}`))
  readonly clients: Client[] = []
  readonly simple: SimpleClient[] = []
  #body = 0

  constructor() {
    for (const user of this.users) this.bench.conversation.add(user)
  }

  apply({ do: what, n }: Step): Promise<void> | void {
    const { bench } = this
    const { conversation } = bench
    const user = pick(this.users, n)
    const author = this.users.find(({ id }) => conversation.isMember(id))
    const message = pick(
      [...conversation.messages.values()].filter((row) => !row.deleted_at),
      n
    )
    switch (what) {
      case 'send':
        return author && void conversation.send(author, `body ${this.#body++}`)
      case 'edit':
        return author && message && void conversation.edit(author, message.id, `body ${this.#body++}`)
      case 'erase':
        return author && message && void conversation.erase(author, message.id)
      case 'react':
        return author && message && void conversation.react(author, message.id, '+')
      case 'leave':
        return user && conversation.isMember(user.id) && this.#others(user.id) > 0
          ? void conversation.remove(user)
          : undefined
      case 'join':
        return user && !conversation.isMember(user.id) ? void conversation.add(user) : undefined
      case 'ring first':
        return void bench.ring()
      case 'ring':
        return void bench.ring(n % Math.max(1, bench.doorbells.length))
      case 'ring twice': {
        const event = pick(bench.doorbells, n)
        return event && bench.room.receive(event)
      }
      case 'lose':
        return void bench.doorbells.splice(n % Math.max(1, bench.doorbells.length), 1)
      case 'subscribe':
        return user && this.#subscribe(user, n)
      case 'resubscribe': {
        const client = pick(this.clients, n)
        if (client?.subscription) bench.room.drop(client.subscription)
        return client?.connect(client.cursor < 0 ? undefined : client.cursor)
      }
      case 'stall':
        return this.#stall(pick([...this.clients, ...this.simple], n))
      case 'drain':
        return pick([...this.clients, ...this.simple], n)?.drain()
      case 'hold':
        bench.holding = true
        return
      case 'release':
        return bench.release()
      case 'fail':
        bench.failing = true
        return
      case 'beat':
        bench.failing = false
        return bench.beat()
      case 'lapse':
        return bench.room.suspend()
      case 'turn':
        return bench.settle(1 + (n % 3))
      case 'others':
        return bench.room.pace.began({})
      default:
        return what satisfies never
    }
  }

  /** Everything works again, and time passes. */
  async heal(): Promise<void> {
    this.bench.failing = false
    for (let n = 0; n < 3; n++) {
      this.bench.release()
      for (const client of [...this.clients, ...this.simple]) client.drain()
      this.bench.beat()
      for (let pauses = 0; pauses <= tuning.pauses_ms; pauses++) {
        await this.bench.settle(60)
        await delay(1)
      }
    }
  }

  check(): void {
    for (const { broken } of [...this.clients, ...this.simple]) if (broken) throw broken
    for (const client of this.clients) this.#checkClient(client)
    for (const client of this.simple) if (!client.end && !client.refusal) this.#checkShown(client)
  }

  #checkShown({ shown, from }: Client | SimpleClient): void {
    for (const { id, seq, body, deleted_at } of this.bench.conversation.messages.values()) {
      if (seq <= from || (deleted_at && !shown.has(id))) continue
      if (shown.get(id) !== body)
        throw new Error(`message ${seq} is not shown as it is: ${shown.get(id)} for ${body}`)
    }
  }

  #checkClient(client: Client): void {
    const { conversation } = this.bench
    const member = conversation.isMember(client.user_id)
    if (client.refusal) return
    if (client.end) {
      const row = conversation.members.get(client.user_id)
      if (row && row.joined_seq === row.changed_seq && row.joined_seq <= USERS)
        throw new Error('ended although never removed')
      return
    }
    if (!member) throw new Error('neither ended nor a member')
    if (!client.answered) throw new Error('never answered')
    if (client.cursor !== conversation.head) throw new Error(`at ${client.cursor}, not ${conversation.head}`)
    this.#checkShown(client)
  }

  #subscribe(user: User, n: number): void {
    const { head } = this.bench.conversation
    if (n % 5 === 0) {
      if (!this.bench.conversation.isMember(user.id)) return
      const since = n % 2 ? head : n % (head + 1)
      const client = new SimpleClient(user, since)
      this.simple.push(client)
      const membership = { head, role: 'member', read_seq: 0 } as const
      this.bench.subscribe(client, { since, membership })
      return
    }
    const client = new Client(this.bench, user)
    this.clients.push(client)
    client.connect(n % 3 === 0 ? undefined : n % (head + 1))
  }

  #stall(reader: Reader | undefined): void {
    if (reader) reader.congested = true
  }

  #others(user: string): number {
    return this.users.filter(({ id }) => id !== user && this.bench.conversation.isMember(id)).length
  }
}

function pick<T>(list: readonly T[], n: number): T | undefined {
  return list[n % Math.max(1, list.length)]
}

t.test(
  'DLV-1 whatever happens, each reader gets each event once, in order, without a gap, and nothing it may not see',
  async (t) => {
    let delivered = 0
    let lagged = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 120, size: 'max' }), async (steps) => {
        const run = new Run()
        for (const one of steps) await run.apply(one)
        await run.heal()
        run.check()
        for (const client of run.clients) {
          delivered += client.frames.length
          lagged += client.lags.length
        }
      }),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) }
    )
    t.ok(delivered > 1_000, `${delivered} frames were looked at`)
    t.ok(lagged > 0, `${lagged} times a reader lagged`)
  }
)
