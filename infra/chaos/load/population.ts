import {
  type Account,
  type Following,
  type HistoryLog,
  type Identity,
  RecordingClient,
  RecordingRest,
  type SignedInSession,
  SimpleClient,
  type SimpleClientOptions
} from '@parley/testing'
import type { Controllable } from '../faults/fault.ts'
import type { Random } from '../random.ts'
import { ApplicationClient } from './application-client.ts'

export interface Person {
  account: Account
  /** What its clients are signed in with; ended and replaced during the run. */
  main: SignedInSession
  /** What removes, adds and revokes; never ended. */
  control: SignedInSession
  clients: Member[]
  /** Its main session is being replaced. */
  changing: boolean
}

export type AnyClient = RecordingClient | SimpleClient | ApplicationClient

/** One of a person's clients, and how to make it again. */
export interface Member {
  kind: Following['kind'] | 'simple' | 'application'
  rooms: string[]
  client: AnyClient
}

export interface Room {
  id: string
  owner: Person
  members: Set<Person>
  /** Who is just being added or removed, or of whom it is not known. */
  unsure: Set<Person>
  messages: Said[]
}

export interface Said {
  id: string
  by: Person
  n: number
  version: number
}

export interface Addresses {
  /** Bases for REST: nginx and each api. */
  rest: readonly string[]
  /** Bases for sockets: nginx, also through its spoilt link, and each gateway. */
  sockets: readonly string[]
}

export interface PopulationOptions {
  log: HistoryLog
  addresses: Addresses
  random: Random
  people: number
  rooms: number
  /** How long an operation is tried, and one attempt of it, in milliseconds. */
  patience_ms?: number
  attempt_ms?: number
}

const PASSWORD = 'correct horse battery staple'

/** Everyone who takes part, their rooms and their clients. */
export class Population {
  readonly log: HistoryLog
  readonly random: Random
  readonly rest: RecordingRest
  readonly people: Person[] = []
  readonly rooms: Room[] = []
  readonly #addresses: Addresses
  readonly #patience: { patience_ms: number; attempt_ms: number }
  #clients = 0

  constructor({ log, addresses, random, patience_ms = 30_000, attempt_ms = 5_000 }: PopulationOptions) {
    this.#patience = { patience_ms, attempt_ms }
    this.log = log
    this.random = random
    this.#addresses = addresses
    this.rest = new RecordingRest({
      log,
      base: () => random.pick(addresses.rest),
      random: random.next,
      ...this.#patience
    })
  }

  static async begin(options: PopulationOptions): Promise<Population> {
    const population = new Population(options)
    for (let n = 0; n < options.people; n++) population.people.push(await population.#join(`person${n}`))
    for (let n = 0; n < options.rooms; n++) population.rooms.push(await population.#found())
    for (const person of population.people) population.#equip(person)
    return population
  }

  /** Every client that is not over. */
  clients(): AnyClient[] {
    return this.people
      .flatMap(({ clients }) => clients.map(({ client }) => client))
      .filter((one) => !one.isStopped)
  }

  controllable(): Controllable[] {
    return this.clients()
  }

  async stop(): Promise<void> {
    await Promise.all(this.clients().map((client) => client.stop()))
  }

  async #join(username: string): Promise<Person> {
    const account = await this.rest.register(username, PASSWORD)
    const main = await this.rest.login(account)
    return { account, main, control: await this.rest.login(account), clients: [], changing: false }
  }

  async #found(): Promise<Room> {
    const owner = this.random.pick(this.people)
    const members = this.people.filter((person) => person === owner || this.random.chance(0.6))
    const others = members.filter((person) => person !== owner).map(({ account }) => account.id)
    const made = await this.rest.create(owner.control, others)
    if (made.type !== 'ok' || made.conversation === undefined)
      throw new Error(`no room: ${JSON.stringify(made)}`)
    return { id: made.conversation, owner, members: new Set(members), unsure: new Set(), messages: [] }
  }

  /** A client for all its rooms or for each of them, and often one of a single room, as old clients are. */
  #equip(person: Person): void {
    const mine = this.rooms.filter(({ members }) => members.has(person)).map(({ id }) => id)
    this.addClient(person, this.random.pick(['all', 'all', 'rooms'] as const), mine)
    if (mine.length > 0 && this.random.chance(0.7))
      this.addClient(person, this.random.pick(['chat', 'simple'] as const), [this.random.pick(mine)])
    if (this.random.chance(0.4)) this.addClient(person, 'application', mine)
  }

  addClient(person: Person, kind: Member['kind'], rooms: string[], earlier?: AnyClient): void {
    const identity: Identity = {
      client: `${person.account.username}.${++this.#clients}`,
      user: person.account.id,
      session: person.main.id,
      token: person.main.token
    }
    const client = this.#make(identity, kind, rooms, earlier)
    person.clients.push({ kind, rooms, client })
    client.start()
  }

  #make(
    identity: Identity,
    kind: Member['kind'],
    rooms: string[],
    earlier: AnyClient | undefined
  ): AnyClient {
    const common = {
      ...this.#patience,
      log: this.log,
      identity,
      base: () => this.random.pick(this.#addresses.sockets),
      random: this.random.next
    }
    const [room = ''] = rooms
    if (kind === 'simple') return new SimpleClient({ ...common, room })
    if (kind === 'application') return this.#makeApplication(common, earlier)
    const cursors = earlier instanceof RecordingClient ? earlier.cursors : new Map<string, number>()
    const following: Following =
      kind === 'chat' ? { kind, room } : kind === 'rooms' ? { kind, rooms } : { kind }
    return new RecordingClient({ ...common, following, cursors })
  }

  /** One on the client library; some are where WebSockets are blocked. */
  #makeApplication(
    common: Omit<SimpleClientOptions, 'room'>,
    earlier: AnyClient | undefined
  ): ApplicationClient {
    return new ApplicationClient({
      ...common,
      restBase: () => this.random.pick(this.#addresses.rest),
      blocked: this.random.chance(0.25),
      earlier: earlier instanceof ApplicationClient ? earlier : undefined
    })
  }
}
