import {
  type Account,
  type Following,
  type HistoryLog,
  type Identity,
  NotificationClient,
  PollClient,
  RecordingClient,
  RecordingRest,
  RoomReader,
  type SignedInSession,
  SimpleClient,
  type SimpleClientOptions,
  StreamClient
} from '@parley/testing'
import type { Controllable } from '../faults/fault.ts'
import type { Random } from '../random.ts'
import { ApplicationClient } from './application-client.ts'

export interface Person {
  account: Account
  /** It may be this one, where nobody knows whether a change was made. */
  otherPassword?: string | undefined
  /** What its clients are signed in with; ended and replaced during the run. */
  main: SignedInSession
  /** What removes, adds and revokes; never ended. */
  control: SignedInSession
  clients: Member[]
  /** Its main session is being replaced. */
  changing: boolean
}

export type AnyClient = RecordingClient | SimpleClient | RoomReader | NotificationClient | ApplicationClient

/** Clients that know one room only; they end with their user's membership. */
const ofOneRoom = ['chat', 'simple', 'stream', 'poll'] as const

/** One of a person's clients, and how to make it again. */
export interface Member {
  kind: Following['kind'] | (typeof ofOneRoom)[number] | 'notifications' | 'application'
  rooms: string[]
  client: AnyClient
}

export function isOfOneRoom(kind: Member['kind']): boolean {
  return (ofOneRoom as readonly string[]).includes(kind)
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
  /** Shuts somebody's account, or opens it again, as who runs Parley does; nobody's is where this is missing. */
  operate?: Operate
  /** How long an operation is tried, and one attempt of it, in milliseconds. */
  patience_ms?: number
  attempt_ms?: number
}

/** Resolves with whether it was done. */
export type Operate = (operation: 'disable' | 'enable', username: string) => Promise<boolean>

const PASSWORD = 'correct horse battery staple'

/** Everyone who takes part, their rooms and their clients. */
export class Population {
  readonly log: HistoryLog
  readonly random: Random
  readonly rest: RecordingRest
  readonly people: Person[] = []
  readonly rooms: Room[] = []
  readonly addresses: Addresses
  readonly operate: Operate | undefined
  readonly #patience: { patience_ms: number; attempt_ms: number }
  #clients = 0

  constructor(options: PopulationOptions) {
    const { log, addresses, random, patience_ms = 30_000, attempt_ms = 5_000 } = options
    this.#patience = { patience_ms, attempt_ms }
    this.operate = options.operate
    this.log = log
    this.random = random
    this.addresses = addresses
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

  /** Sessions of users who are in no room. */
  async strangers(count: number): Promise<SignedInSession[]> {
    const names = Array.from({ length: count }, (_, n) => `stranger${n}`)
    return await Promise.all(
      names.map(async (name) => this.rest.login(await this.rest.register(name, PASSWORD)))
    )
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

  /** A client for all its rooms or for each of them, often one of a single room, as old clients are, and one for notifications. */
  #equip(person: Person): void {
    const mine = this.rooms.filter(({ members }) => members.has(person)).map(({ id }) => id)
    this.addClient(person, this.random.pick(['all', 'all', 'rooms'] as const), mine)
    if (mine.length > 0 && this.random.chance(0.8))
      this.addClient(person, this.random.pick(ofOneRoom), [this.random.pick(mine)])
    if (this.random.chance(0.3)) this.addClient(person, 'notifications', [])
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
    const { log, random } = this
    const base = () => random.pick(this.addresses.sockets)
    const common = { ...this.#patience, log, identity, base, random: random.next }
    const [room = ''] = rooms
    const cursors =
      earlier instanceof RecordingClient || earlier instanceof RoomReader
        ? earlier.cursors
        : new Map<string, number>()
    switch (kind) {
      case 'simple':
        return new SimpleClient({ ...common, room })
      case 'application':
        return this.#makeApplication(common, earlier)
      case 'notifications':
        return new NotificationClient(common)
      case 'stream':
        return new StreamClient({ ...common, base: () => overHttp(base()), room, cursors })
      case 'poll':
        return new PollClient({ ...common, base: () => overHttp(base()), room, cursors })
      case 'chat':
        return new RecordingClient({ ...common, following: { kind, room }, cursors })
      case 'rooms':
        return new RecordingClient({ ...common, following: { kind, rooms }, cursors })
      case 'all':
        return new RecordingClient({ ...common, following: { kind }, cursors })
    }
  }

  /** One on the client library; some are where WebSockets are blocked. An application has one client at a time. */
  #makeApplication(
    common: Omit<SimpleClientOptions, 'room'>,
    earlier: AnyClient | undefined
  ): ApplicationClient {
    if (earlier instanceof ApplicationClient) void earlier.stop()
    return new ApplicationClient({
      ...common,
      restBase: () => this.random.pick(this.addresses.rest),
      blocked: this.random.chance(0.25),
      earlier: earlier instanceof ApplicationClient ? earlier : undefined
    })
  }
}

function overHttp(base: string): string {
  return base.replace(/^ws/, 'http')
}
