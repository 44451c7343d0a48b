import type { User } from '@parley/contracts'
import type { Clock } from '../connection/connection.ts'
import type { OutgoingFrame, Transport, TransportEvents, WireFrame } from '../connection/transport.ts'
import { ParleyError } from '../errors.ts'
import { isDurable } from '../lines/lines.ts'
import type { Rest } from '../rest/rest.ts'
import { headOf, joinedAt, listHeads } from './rooms.ts'

export interface FallbackSetup {
  rest: Rest
  clock: Clock
  user: User
  /** Called from time to time: a WebSocket may be possible again. */
  improve: (() => void) | undefined
  /** `POST events/`. */
  request(init: {
    cursors: Record<string, number>
    accept: string
    wait?: number
    signal: AbortSignal
  }): Promise<Response>
}

/** How one request, or one after another, is read. Resolves when the server has ended it, rejects when it failed. */
export interface Reader {
  readonly kind: 'event-stream' | 'long-poll'
  read(rooms: RoomCursors, signal: AbortSignal): Promise<void>
}

/** What a reader reads from, and tells. */
export interface RoomCursors {
  cursors(): Record<string, number>
  frame(frame: WireFrame): void
  /** Everything up to this conversation's cursor has come. */
  complete(conversation_id: string): void
  /** Subscriptions that wait for {@link RoomCursors.complete}. */
  readonly incomplete: boolean
}

const RELIST_MS = 15_000
const IMPROVE_FIRST_MS = 60_000
const IMPROVE_CAP_MS = 600_000

/**
 * A one-way transport over ordinary requests: it answers what is asked of a socket by itself, asks for the frames from each
 * conversation's cursor, and asks anew when the conversations change. It looks for conversations that one was added to.
 */
export class FallbackTransport implements Transport, RoomCursors {
  readonly kind: Reader['kind']
  readonly duplex = false
  readonly user: User
  readonly #setup: FallbackSetup
  readonly #reader: Reader
  readonly #events: TransportEvents
  readonly #cursors = new Map<string, number>()
  /** Subscriptions not yet answered, with what they began at and whom to answer. */
  readonly #asked = new Map<string, { since: number; ref: string | undefined }>()
  /** Not to be followed, though they are mine. */
  readonly #left = new Set<string>()
  #all: { ref: string | undefined; waiting: boolean } | undefined
  #request: AbortController | undefined
  #relist: unknown
  #improve: unknown
  #open = true

  constructor(setup: FallbackSetup, reader: Reader, events: TransportEvents) {
    this.#setup = setup
    this.#reader = reader
    this.#events = events
    this.kind = reader.kind
    this.user = setup.user
    this.#improveLater(IMPROVE_FIRST_MS)
  }

  cursors(): Record<string, number> {
    return Object.fromEntries(this.#cursors)
  }

  get incomplete(): boolean {
    return this.#asked.size > 0
  }

  send(frame: OutgoingFrame): void {
    const { ref } = frame
    if (frame.type === 'subscribe') void this.#guard(this.#subscribe(frame.conversation_id, frame.since, ref))
    else if (frame.type === 'subscribe_all') void this.#guard(this.#followAll(frame.cursors ?? {}, ref))
    else if (frame.type === 'unsubscribe') {
      this.#drop(frame.conversation_id)
      this.#left.add(frame.conversation_id)
      this.#events.frame({ ...frame, type: 'unsubscribed', reason: 'asked' })
    }
  }

  /** The requests themselves show soon enough whether anyone is there. */
  probe(): void {}

  close(): void {
    this.#open = false
    this.#setup.clock.clearTimeout(this.#relist)
    this.#setup.clock.clearTimeout(this.#improve)
    this.#request?.abort()
  }

  frame(frame: WireFrame): void {
    const id = frame.conversation_id
    if (id === undefined) return this.#events.frame(frame)
    if (frame.type === 'subscribed') return this.#answer(id, frame)
    if (isDurable(frame)) this.#cursors.set(id, frame.seq)
    const asked = this.#asked.get(id)
    const ends = frame.type === 'unsubscribed' || frame.type === 'error'
    if (ends) this.#drop(id)
    this.#events.frame(ends && asked?.ref !== undefined ? { ...frame, ref: asked.ref } : frame)
    this.#answerAll()
  }

  complete(id: string): void {
    const asked = this.#asked.get(id)
    if (!asked) return
    const { since } = asked
    const head = this.#cursors.get(id) ?? since
    this.#answer(id, { type: 'subscribed', conversation_id: id, since, head })
  }

  #answer(id: string, frame: WireFrame): void {
    const asked = this.#asked.get(id)
    this.#asked.delete(id)
    if (typeof frame.head === 'number') this.#cursors.set(id, frame.head)
    this.#events.frame(asked?.ref === undefined ? frame : { ...frame, ref: asked.ref })
    this.#answerAll()
  }

  #answerAll(): void {
    if (!this.#all?.waiting || this.#asked.size > 0) return
    this.#all.waiting = false
    const { ref } = this.#all
    this.#events.frame({
      type: 'subscribed_all',
      count: this.#cursors.size,
      ...(ref === undefined ? {} : { ref })
    })
  }

  #drop(id: string): void {
    this.#cursors.delete(id)
    this.#asked.delete(id)
  }

  async #subscribe(id: string, since: number | undefined, ref: string | undefined): Promise<void> {
    try {
      this.#begin(id, since ?? (await headOf(this.#setup.rest, id)), ref)
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error
      const { code, title, temporary } = error
      return this.#events.frame({
        type: 'error',
        conversation_id: id,
        code,
        title,
        temporary,
        ref: ref ?? ''
      })
    }
    this.#restart()
  }

  async #followAll(known: Readonly<Record<string, number>>, ref: string | undefined): Promise<void> {
    const heads = await listHeads(this.#setup.rest)
    for (const id of Object.keys(known)) {
      if (!heads.has(id))
        this.frame({ type: 'error', conversation_id: id, code: 'not_found', temporary: false })
    }
    for (const [id, head] of heads) if (!this.#cursors.has(id)) this.#begin(id, known[id] ?? head)
    this.#all = { ref, waiting: true }
    this.#answerAll()
    this.#restart()
    this.#relistLater()
  }

  #relistLater(): void {
    if (this.#open)
      this.#relist = this.#setup.clock.setTimeout(() => void this.#guard(this.#findNew()), RELIST_MS)
  }

  async #findNew(): Promise<void> {
    const { rest, user } = this.#setup
    let found = false
    for (const id of (await listHeads(rest)).keys()) {
      if (this.#cursors.has(id) || this.#left.has(id)) continue
      const joined = await joinedAt(rest, id, user.id)
      if (joined === undefined) continue
      this.#begin(id, joined - 1)
      found = true
    }
    if (found) this.#restart()
    this.#relistLater()
  }

  #improveLater(ms: number): void {
    const { improve, clock } = this.#setup
    if (!improve) return
    this.#improve = clock.setTimeout(() => {
      this.#improveLater(Math.min(IMPROVE_CAP_MS, 2 * ms))
      improve()
    }, ms)
  }

  #begin(id: string, since: number, ref?: string): void {
    this.#left.delete(id)
    this.#cursors.set(id, since)
    this.#asked.set(id, { since, ref })
  }

  /** What goes wrong in an answer of its own ends the transport: another one is opened. */
  async #guard(work: Promise<void>): Promise<void> {
    try {
      await work
    } catch {
      this.#end()
    }
  }

  #restart(): void {
    this.#request?.abort()
    if (!this.#open || this.#cursors.size === 0) return
    const request = new AbortController()
    this.#request = request
    this.#reader.read(this, request.signal).then(
      () => this.#request === request && this.#end(),
      () => this.#request === request && this.#end()
    )
  }

  #end(): void {
    if (!this.#open) return
    this.close()
    this.#events.closed(1006)
  }
}
