import type { ServerFrames } from '@parley/contracts'
import { persist } from './commands.ts'
import type { Connection } from './connection/connection.ts'
import type { Transport } from './connection/transport.ts'
import { errorOf, NotFoundError, type ParleyError } from './errors.ts'
import type { Lines } from './lines/lines.ts'

/** How many cursors fit into one frame of 64 KiB; the others are compared with what `subscribed` says. */
const CURSORS_PER_FRAME = 1_200
const REPLAY_MS = 60_000
const PATIENCE_MS = 60_000

export interface FollowServices {
  connection: Connection
  lines: Lines
  all: boolean
  pause: (ms: number) => Promise<void>
  random: () => number
  /** There is no such conversation, or no more. */
  gone(event: ServerFrames['unsubscribed']): void
  problem(error: ParleyError): void
}

/** Which conversations are followed, and from where: asked for on every new connection. */
export class Follow {
  readonly #services: FollowServices
  /** Asked for one by one, each with where it began. */
  readonly #named = new Map<string, number | undefined>()
  readonly #left = new Set<string>()

  constructor(services: FollowServices) {
    this.#services = services
  }

  subscribe(id: string, since: number | undefined): void {
    const { lines, connection } = this.#services
    this.#named.set(id, since)
    this.#left.delete(id)
    if (since !== undefined && since < (lines.cursor(id) ?? Infinity)) lines.reset(id, since)
    if (connection.transport) void this.#ask(id, lines.cursor(id) ?? since, connection.transport)
  }

  unsubscribe(id: string): void {
    this.#named.delete(id)
    if (this.#services.all) this.#left.add(id)
    this.#services.connection.say({ type: 'unsubscribe', conversation_id: id })
  }

  /** Something is missing: the connection that is used from now on has it, also where another one is just being left. */
  resume(id: string, since: number | undefined): void {
    const { transport } = this.#services.connection
    if (transport) void this.#ask(id, since, transport)
  }

  /** Everything, over a transport that was just opened. Resolves when all of it is answered. */
  async begin(transport: Transport): Promise<void> {
    const { lines, all } = this.#services
    lines.begin()
    const cursors = lines.reached()
    const named = [...this.#named].map(([id, since]) => this.#ask(id, cursors[id] ?? since, transport))
    const whole = all ? this.#askAll(cursors, transport).catch(this.#services.problem) : undefined
    await Promise.all([...named, whole])
  }

  async #askAll(known: Readonly<Record<string, number>>, transport: Transport): Promise<void> {
    const { connection, lines } = this.#services
    const mine = Object.entries(known).filter(([id]) => !this.#named.has(id) && !this.#left.has(id))
    const told = mine.slice(-CURSORS_PER_FRAME)
    for (const [id] of told) lines.asked(id)
    const frame = { type: 'subscribe_all', cursors: Object.fromEntries(told) } as const
    await this.#persist(transport, () => connection.ask(frame, transport, REPLAY_MS))
    for (const id of this.#left) connection.say({ type: 'unsubscribe', conversation_id: id }, transport)
  }

  async #ask(id: string, since: number | undefined, transport: Transport): Promise<void> {
    const { connection, lines } = this.#services
    lines.asked(id)
    const frame = {
      type: 'subscribe',
      conversation_id: id,
      ...(since === undefined ? {} : { since })
    } as const
    try {
      await this.#persist(transport, () => connection.ask(frame, transport, REPLAY_MS))
    } catch (error) {
      lines.unanswered(id)
      this.#refused(id, error as ParleyError)
    }
  }

  async #persist(transport: Transport, attempt: () => Promise<unknown>): Promise<void> {
    const { connection, pause, random } = this.#services
    const serving = () => connection.transport === transport
    const options = { pause, random, patience_ms: PATIENCE_MS }
    // What another connection does not know any more is asked for anew there.
    await persist(async () => (serving() ? await attempt() : undefined), options)
  }

  /** An `error` about a conversation that nobody waits for: of a cursor in `subscribe_all`. */
  error(frame: ServerFrames['error'], transport: Transport): void {
    const id = frame.conversation_id
    if (id === undefined) return this.#services.problem(errorOf(frame))
    if (frame.temporary) void this.#ask(id, this.#services.lines.cursor(id), transport)
    else this.#refused(id, errorOf(frame))
  }

  #refused(id: string, error: ParleyError): void {
    const { lines, gone, problem } = this.#services
    if (error instanceof NotFoundError) {
      this.#named.delete(id)
      lines.ended(id)
      gone({ type: 'unsubscribed', conversation_id: id, reason: 'not_a_member' })
    } else if (error.code === 'cursor_ahead' && error.head !== undefined) {
      // The server was set back to an earlier state: what it has now is where this client goes on.
      lines.reset(id, error.head)
      problem(error)
    } else if (error.code !== 'not_subscribed' && !error.temporary) problem(error)
  }
}
