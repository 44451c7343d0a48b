import { errorOf, NetworkError, ParleyError, UnauthenticatedError } from '../errors.ts'
import { backoff } from './backoff.ts'
import { type Happening, next, type Status } from './machine.ts'
import type { OpenTransport, OutgoingFrame, Transport, TransportKind, WireFrame } from './transport.ts'

export interface Clock {
  setTimeout(call: () => void, ms: number): unknown
  clearTimeout(timer: unknown): void
  now(): number
}

export interface ConnectionState {
  status: Status
  /** How frames come, while they do. */
  transport?: TransportKind
  /** With `waiting`: when the next attempt is made, as of `Date.now()`. */
  retry_at?: number
  /** With `closed` the reason; with `waiting` what the last attempt met. */
  error?: ParleyError
}

export interface ConnectionSetup {
  open: OpenTransport
  /** No connection is wanted until one is opened again, be it that one was open or not. */
  unwanted(): void
  clock: Clock
  random: () => number
  /** A transport is open: ask for what is to be followed. Resolves when the server has answered all of it. */
  begin(transport: Transport): Promise<void>
  frame(frame: WireFrame, transport: Transport): void
  state(state: ConnectionState): void
}

/** An attempt's count starts anew once a connection has lasted so long. */
const STABLE_MS = 10_000
/** How long the old connection is kept for what was asked over it, and for the new one to be complete. */
const FAREWELL_MS = 10_000
const ANSWER_MS = 10_000

interface Waiting {
  transport: Transport
  promise: Promise<WireFrame>
  resolve(frame: WireFrame): void
  reject(error: Error): void
}

/** Drives {@link transitions}: opens transports, waits between attempts, moves before it breaks, pairs answers with questions. */
export class Connection {
  readonly #setup: ConnectionSetup
  #state: ConnectionState = { status: 'idle' }
  #current: Transport | undefined
  /** Left for another one, and still listened to. */
  readonly #leaving = new Set<Transport>()
  #attempt: AbortController | undefined
  #failures = 0
  #least_ms = 0
  #timer: unknown
  #opened_at = 0
  #asked_to_move = false
  /** The device has said so, and nothing else since. */
  #is_offline = false
  #refs = 0
  readonly #waiting = new Map<string, Waiting>()

  constructor(setup: ConnectionSetup) {
    this.#setup = setup
  }

  get state(): ConnectionState {
    return this.#state
  }

  get transport(): Transport | undefined {
    return this.#current
  }

  connect(): void {
    this.#happen('connect')
  }

  disconnect(): void {
    this.#happen('disconnect')
  }

  /** The device's network or the page went or came: an open connection is looked at, a wait may end, a lost one is not tried in vain. */
  notice(happening: 'offline' | 'online' | 'wake'): void {
    this.#current?.probe()
    this.#is_offline = happening === 'offline'
    if (happening === 'online') this.#failures = 0
    this.#happen(happening)
  }

  /** Opens another connection within so many milliseconds, then closes this one. */
  move(within_ms: number): void {
    this.#asked_to_move = true
    this.#wait(this.#setup.random() * within_ms, () => this.#happen('move'))
  }

  /** Looks whether a better transport may be had, and stays with this one if not. */
  improve(): void {
    this.#happen('move')
  }

  /** Says something nobody answers. False without a connection. */
  say(frame: OutgoingFrame, transport = this.#current): boolean {
    if (!transport) return false
    transport.send(frame)
    return true
  }

  /** Asks, and resolves with the frame that answers. A lost connection or silence is a `NetworkError`: it may have been done. */
  async ask(
    frame: OutgoingFrame,
    transport = this.#current,
    answer_ms: number = ANSWER_MS
  ): Promise<WireFrame> {
    if (!transport) throw new NetworkError('not connected')
    const ref = String(++this.#refs)
    const answer = Promise.withResolvers<WireFrame>()
    this.#waiting.set(ref, { transport, ...answer })
    const timer = this.#setup.clock.setTimeout(() => {
      answer.reject(new NetworkError(`${frame.type} was not answered`))
      transport.probe()
    }, answer_ms)
    try {
      transport.send({ ...frame, ref })
      return await answer.promise
    } finally {
      this.#setup.clock.clearTimeout(timer)
      this.#waiting.delete(ref)
    }
  }

  #happen(happening: Happening, error?: ParleyError): void {
    const status = next(this.#state.status, happening)
    if (status === undefined) return
    const before = this.#state.status
    this.#state = { status, ...(error && status !== 'online' ? { error } : {}) }
    this.#enter(status, before, happening)
    if (status === 'waiting' && this.#is_offline) this.#happen('offline')
    else this.#setup.state(this.#state)
  }

  #enter(status: Status, before: Status, happening: Happening): void {
    // Coming back from `moving` without having moved: another try is due.
    if (status === 'online' && happening !== 'opened') this.#retryMove()
    else this.#setup.clock.clearTimeout(this.#timer)
    if (status === 'idle' || status === 'closed' || status === 'offline') this.#end()
    if (status === 'waiting') this.#waitForNext(before)
    if (status === 'moving' || (status === 'connecting' && !this.#attempt)) void this.#open()
    const kind = this.#current?.kind
    if (kind !== undefined) this.#state = { ...this.#state, transport: kind }
  }

  #waitForNext(before: Status): void {
    if (before === 'online' && this.#setup.clock.now() - this.#opened_at > STABLE_MS) this.#failures = 0
    const wait_ms = backoff(this.#failures++, this.#setup.random, this.#least_ms)
    this.#state = { ...this.#state, retry_at: this.#setup.clock.now() + wait_ms }
    this.#wait(wait_ms, () => this.#happen('due'))
  }

  #retryMove(): void {
    if (this.#asked_to_move)
      this.#wait(backoff(this.#failures++, this.#setup.random), () => this.#happen('move'))
  }

  #wait(ms: number, call: () => void): void {
    this.#setup.clock.clearTimeout(this.#timer)
    this.#timer = this.#setup.clock.setTimeout(call, ms)
  }

  #end(): void {
    this.#attempt?.abort()
    this.#attempt = undefined
    const transport = this.#current
    this.#current = undefined
    this.#leaving.clear()
    transport?.close()
    this.#setup.unwanted()
    this.#abandon(transport)
  }

  async #open(): Promise<void> {
    const attempt = new AbortController()
    this.#attempt = attempt
    let opened: Transport | undefined
    // A frame may come before the promise of its transport is looked at.
    const early: WireFrame[] = []
    try {
      const transport = await this.#setup.open(
        {
          frame: (frame) => (opened ? this.#receive(frame, opened) : early.push(frame)),
          closed: (code) => this.#closed(opened, code)
        },
        { signal: attempt.signal, current: this.#current?.kind }
      )
      if (this.#attempt !== attempt) return transport.close()
      this.#attempt = undefined
      opened = transport
      this.#use(transport)
      for (const frame of early) this.#receive(frame, transport)
    } catch (error) {
      if (this.#attempt !== attempt) return
      this.#attempt = undefined
      const problem = error instanceof ParleyError ? error : new NetworkError('no connection', error)
      this.#least_ms = problem.retry_after_ms ?? 0
      this.#happen(problem instanceof UnauthenticatedError ? 'refused' : 'failed', problem)
    }
  }

  #use(transport: Transport): void {
    const old = this.#current
    this.#current = transport
    this.#asked_to_move = false
    this.#least_ms = 0
    this.#opened_at = this.#setup.clock.now()
    this.#happen('opened')
    const complete = this.#setup.begin(transport).catch(() => undefined)
    if (old) void this.#leave(old, complete)
  }

  /** The old connection goes when the new one has everything and what was asked over the old one is answered. */
  async #leave(old: Transport, complete: Promise<void>): Promise<void> {
    const pending = [...this.#waiting.values()].filter(({ transport }) => transport === old)
    const answered = Promise.allSettled(pending.map(({ promise }) => promise))
    const late = Promise.withResolvers<void>()
    const timer = this.#setup.clock.setTimeout(late.resolve, FAREWELL_MS)
    this.#leaving.add(old)
    await Promise.race([Promise.all([complete, answered]), late.promise])
    this.#leaving.delete(old)
    this.#setup.clock.clearTimeout(timer)
    old.close()
    this.#abandon(old)
  }

  #closed(transport: Transport | undefined, code: number): void {
    this.#abandon(transport)
    if (!transport || transport !== this.#current) return
    this.#current = undefined
    const ended = code >= 4500 && code <= 4999
    this.#happen(ended ? 'ended' : 'lost', ended ? endedBy(code) : new NetworkError(`closed with ${code}`))
  }

  /** What a connection that was closed had under way still comes in: another client may have taken over by then. */
  #receive(frame: WireFrame, transport: Transport): void {
    if (transport !== this.#current && !this.#leaving.has(transport)) return
    const waiting = frame.ref === undefined ? undefined : this.#waiting.get(String(frame.ref))
    if (waiting && waiting.transport === transport) {
      if (frame.type === 'error') return waiting.reject(errorOf(frame as never))
      waiting.resolve(frame)
    }
    if (frame.type === 'move') return this.move(frame.within_ms as number)
    this.#setup.frame(frame, transport)
  }

  #abandon(transport: Transport | undefined): void {
    for (const waiting of this.#waiting.values())
      if (waiting.transport === transport) waiting.reject(new NetworkError('the connection was lost'))
  }
}

function endedBy(code: number): ParleyError {
  if (code === 4501) return errorOf({ code: 'unauthenticated', title: 'The session has ended' })
  return errorOf({ code: 'closed', title: `The server closed the connection with ${code}` })
}
