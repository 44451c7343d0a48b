import { setTimeout as delay } from 'node:timers/promises'
import { comesBack } from '@parley/contracts'
import { afterSubscribed, clientRule } from '../client-rule.ts'
import type { Invoked } from '../history.ts'
import type { HistoryLog } from '../history-log.ts'
import { type Attempt, failedAttempt, type Outcome } from './attempt.ts'
import { backoff } from './backoff.ts'
import type { WireFrame } from './describe-frame.ts'
import { operate } from './operate.ts'
import { refusals } from './refusals.ts'
import { connectRecorded, type Identity, type RecordingSocket } from './recording-socket.ts'

/** What it follows: all of its user's rooms, those it names, or one by its address. */
export type Following = { kind: 'all' } | { kind: 'rooms'; rooms: string[] } | { kind: 'chat'; room: string }

export interface RecordingClientOptions {
  log: HistoryLog
  identity: Identity
  following: Following
  /** Base of the WebSocket addresses, such as `ws://127.0.0.1:8000`; asked before each connection. */
  base: () => string
  random: () => number
  /** Cursors to start from, of an earlier client of the same user. */
  cursors?: Map<string, number>
  /** How long an operation is tried. Default 30,000 ms. */
  patience_ms?: number
  /** One attempt on a socket that says nothing. Default 5,000 ms. */
  attempt_ms?: number
}

export type SocketMutation =
  | { type: 'send'; body: string }
  | { type: 'edit'; message_id: string; body: string }
  | { type: 'delete'; message_id: string }
  | { type: 'react' | 'unreact'; message_id: string; emoji: string }

interface Connected {
  socket: RecordingSocket
  /** Said what it follows, and was answered. */
  settled: Promise<void>
}

const WATCH_MS = 1_000
/** After `move`, how long the new connection may take before the old one is closed all the same. */
const SETTLE_MS = 10_000

/**
 * A `parley.v1` client as the protocol asks for it, which records everything: it follows the client's rule, comes back by cursor
 * with back-off and jitter, obeys close codes, moves before it breaks, and repeats an operation under its key until its outcome
 * is known. Times are milliseconds. It stops by itself where it is told not to come back.
 *
 * @example
 * const client = new RecordingClient({ log, identity, following: { kind: 'all' }, base: () => stack.url, random })
 * client.start()
 * const { type } = await client.mutate(room, { type: 'send', body: bodyOf(room, user, 1) })
 */
export class RecordingClient {
  readonly identity: Identity
  readonly cursors: Map<string, number>
  readonly #options: RecordingClientOptions
  readonly #rooms: Set<string>
  readonly #waiting = new Map<string, { socket: RecordingSocket; answer: (attempt: Attempt) => void }>()
  #sockets: RecordingSocket[] = []
  /** The socket that operations go to; pending while there is none. */
  #ready = Promise.withResolvers<RecordingSocket>()
  #current: RecordingSocket | undefined
  #running: Promise<void> | undefined
  #stopped = false
  readonly #halted = Promise.withResolvers<Attempt>()
  #refs = 0
  #keys = 0

  constructor(options: RecordingClientOptions) {
    this.#options = options
    this.identity = options.identity
    this.cursors = new Map(options.cursors)
    this.#rooms = new Set(options.following.kind === 'rooms' ? options.following.rooms : [])
  }

  get isStopped(): boolean {
    return this.#stopped
  }

  get isConnected(): boolean {
    return this.#sockets.some(({ isOpen }) => isOpen)
  }

  /** Whether it wants what happens in this room, as far as its user may. */
  follows(room: string): boolean {
    const { following } = this.#options
    if (following.kind === 'all') return true
    return following.kind === 'chat' ? following.room === room : this.#rooms.has(room)
  }

  start(): void {
    this.#note('start')
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#halt()
    for (const socket of this.#sockets) socket.close()
    await this.#running
  }

  /** Follows one more room, from its cursor or from its beginning. */
  subscribe(room: string): void {
    this.#rooms.add(room)
    for (const socket of this.#sockets)
      if (socket.isOpen) this.#subscribe(socket, room, this.cursors.get(room) ?? 0)
  }

  unsubscribe(room: string): void {
    this.#rooms.delete(room)
    for (const socket of this.#sockets) {
      if (!socket.isOpen) continue
      this.#options.log.record({ type: 'asked', socket: socket.id, what: 'unsubscribe', conversation: room })
      socket.send({ type: 'unsubscribe', conversation_id: room })
    }
  }

  typing(room: string, on: boolean): void {
    for (const socket of this.#sockets) {
      if (socket.isOpen) socket.send({ type: 'typing', conversation_id: room, on })
    }
  }

  /** Ends its connections without a word: the network is gone. It comes back by itself. */
  breakConnections(): void {
    for (const socket of this.#sockets) socket.terminate()
  }

  get isPaused(): boolean {
    return this.#sockets.some(({ isPaused }) => isPaused)
  }

  pause(): void {
    for (const socket of this.#sockets) socket.pause()
  }

  resume(): void {
    for (const socket of this.#sockets) socket.resume()
  }

  /** Does something durable, under a key of its own, until the outcome is known or patience ends. */
  async mutate(room: string, mutation: SocketMutation): Promise<Outcome> {
    const { log, random, patience_ms = 30_000 } = this.#options
    const client_id = `${this.identity.client}.${++this.#keys}`
    const { user, session } = this.identity
    const intent: Omit<Invoked, 'at' | 'type' | 'op'> = {
      kind: mutation.type,
      user,
      session,
      via: 'socket',
      conversation: room,
      client_id,
      body: 'body' in mutation ? mutation.body : undefined,
      message: 'message_id' in mutation ? mutation.message_id : undefined
    }
    const frame = { conversation_id: room, client_id, ...mutation }
    return await operate(log, intent, () => this.#attempt(frame), { patience_ms, random, again: true })
  }

  async #attempt(frame: object): Promise<Attempt> {
    const { attempt_ms = 5_000 } = this.#options
    const ref = String(++this.#refs)
    const answer = Promise.withResolvers<Attempt>()
    const timer = setTimeout(() => answer.resolve({ outcome: 'maybe', code: 'timeout' }), attempt_ms)
    const socket = await Promise.race([this.#halted.promise, this.#ready.promise, answer.promise])
    // Halted, or no socket in all that time: nothing was sent.
    if ('outcome' in socket)
      return socket.outcome === 'refused'
        ? socket
        : { outcome: 'refused', code: 'not_connected', again_ms: 0 }
    try {
      this.#waiting.set(ref, { socket, answer: answer.resolve })
      socket.send({ ...frame, ref })
      return await answer.promise
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(ref)
    }
  }

  async #run(): Promise<void> {
    for (let attempt = 0; !this.#stopped; ) {
      const connected = await this.#connect()
      if (connected) {
        attempt = 0
        await this.#live(connected)
      }
      if (!this.#stopped) await delay(backoff(attempt++, this.#options.random))
    }
  }

  /** Until the connection, and those it was moved to, are over. */
  async #live({ socket }: Connected): Promise<void> {
    for (let current: RecordingSocket | undefined = socket; current; ) {
      const code: number = await current.closed
      if (!comesBack(code)) this.#halt(code)
      current = this.#sockets.findLast(({ isOpen }) => isOpen)
    }
  }

  async #connect(): Promise<Connected | undefined> {
    const { log, base, following } = this.#options
    const plan =
      following.kind === 'chat'
        ? {
            url: this.#chatUrl(following.room),
            conversation: following.room,
            since: this.cursors.get(following.room) ?? 0
          }
        : { url: `${base()}/ws/` }
    try {
      const result = await connectRecorded(log, this.identity, { ...plan, dialect: 'parley.v1' })
      if ('refused' in result) {
        if (result.refused === 401 || result.refused === 404) this.#halt(result.refused)
        return undefined
      }
      return this.#use(result.socket)
    } catch {
      // Nobody there, or not yet: the caller waits and tries again.
      return undefined
    }
  }

  #chatUrl(room: string): string {
    return `${this.#options.base()}/ws/chat/${room}/?since=${this.cursors.get(room) ?? 0}`
  }

  #use(socket: RecordingSocket): Connected {
    const settled = Promise.withResolvers<void>()
    const pending = new Set<string>()
    let began = false
    let heartbeat_ms = 25_000
    const settle = (room: string) => {
      pending.delete(room)
      if (began && pending.size === 0) settled.resolve()
    }
    const onFrame = (frame: WireFrame) => {
      if (frame.type === 'welcome') {
        heartbeat_ms = frame.heartbeat_ms ?? heartbeat_ms
        for (const room of this.#follow(socket)) pending.add(room)
        began = true
        this.#prefer(socket)
        if (this.#options.following.kind !== 'rooms' || pending.size > 0) return
        settled.resolve()
      } else if (frame.type === 'subscribed_all') settled.resolve()
      else if (frame.type === 'subscribed') settle(frame.conversation_id ?? '')
      else if (frame.type === 'error' && frame.conversation_id && !frame.temporary)
        settle(frame.conversation_id)
      this.#take(socket, frame)
    }
    this.#sockets.push(socket)
    socket.listen(onFrame)
    const watch = setInterval(() => {
      if (socket.silent_ms > 2 * heartbeat_ms + 5_000) socket.terminate()
    }, WATCH_MS)
    void socket.closed.then(() => {
      clearInterval(watch)
      this.#forget(socket)
    })
    if (this.#stopped) socket.close()
    return { socket, settled: settled.promise }
  }

  /** Says what it follows, by cursor. Returns the rooms it will be answered for. */
  #follow(socket: RecordingSocket): string[] {
    const { following, log } = this.#options
    if (following.kind === 'chat') return [following.room]
    if (following.kind === 'rooms') {
      for (const room of this.#rooms) this.#subscribe(socket, room, this.cursors.get(room) ?? 0)
      return [...this.#rooms]
    }
    const cursors = Object.fromEntries(this.cursors)
    log.record({ type: 'asked', socket: socket.id, what: 'subscribe_all', cursors })
    socket.send({ type: 'subscribe_all', cursors })
    return []
  }

  #subscribe(socket: RecordingSocket, room: string, since: number): void {
    this.#options.log.record({
      type: 'asked',
      socket: socket.id,
      what: 'subscribe',
      conversation: room,
      since
    })
    socket.send({ type: 'subscribe', conversation_id: room, since })
  }

  #take(socket: RecordingSocket, frame: WireFrame): void {
    const { conversation_id: room, seq, prev } = frame
    if (frame.type === 'ack') this.#answer(frame)
    else if (frame.type === 'error') {
      if (frame.ref === undefined) void this.#askAgain(socket, frame)
      else this.#answer(frame)
    } else if (frame.type === 'move') void this.#move(socket, frame.within_ms ?? 0)
    else if (room === undefined) return
    else if (frame.type === 'subscribed') {
      this.cursors.set(room, afterSubscribed(this.cursors.get(room), frame))
    } else if (seq !== undefined && prev !== undefined) this.#apply(socket, room, seq, prev)
  }

  /** A subscription that could not be had just now. */
  async #askAgain(socket: RecordingSocket, frame: WireFrame): Promise<void> {
    if (!frame.temporary) return
    await delay(frame.retry_after_ms ?? 1_000)
    if (!socket.isOpen || this.#stopped) return
    const { conversation_id: room } = frame
    if (room === undefined) this.#follow(socket)
    else this.#subscribe(socket, room, this.cursors.get(room) ?? 0)
  }

  #apply(socket: RecordingSocket, room: string, seq: number, prev: number): void {
    const cursor = this.cursors.get(room)
    const verdict = clientRule(cursor, { seq, prev })
    if (verdict === 'apply') this.cursors.set(room, seq)
    else if (verdict === 'resubscribe') this.#subscribe(socket, room, cursor ?? 0)
  }

  #answer(frame: WireFrame): void {
    const answer = this.#waiting.get(String(frame.ref))?.answer
    if (!answer) return
    const { seq, message_id: message, replay } = frame
    if (frame.type === 'ack') answer({ outcome: 'ok', seq, message, replay })
    else answer(failedAttempt(frame.code ?? 'unnamed', frame.temporary ?? false, frame.retry_after_ms))
  }

  /** Opens the next connection within its share of the time, and closes this one when that one has all. */
  async #move(old: RecordingSocket, within_ms: number): Promise<void> {
    await delay(this.#options.random() * within_ms * 0.5)
    for (let attempt = 0; old.isOpen && !this.#stopped; attempt++) {
      const next = await this.#connect()
      if (!next) {
        await delay(backoff(attempt, this.#options.random))
      } else if (this.#sockets.some((one) => one !== old && one !== next.socket && one.isOpen)) {
        // The old one broke meanwhile, and was replaced.
        next.socket.close()
      } else {
        await Promise.race([next.settled, next.socket.closed, delay(SETTLE_MS, undefined, { ref: false })])
        old.close()
      }
    }
  }

  #prefer(socket: RecordingSocket): void {
    if (this.#current) this.#ready = Promise.withResolvers()
    this.#current = socket
    this.#ready.resolve(socket)
  }

  #forget(socket: RecordingSocket): void {
    this.#sockets = this.#sockets.filter((one) => one !== socket)
    for (const waiting of this.#waiting.values()) {
      if (waiting.socket === socket) waiting.answer({ outcome: 'maybe', code: 'closed' })
    }
    if (this.#current !== socket) return
    this.#current = undefined
    this.#ready = Promise.withResolvers()
    const next = this.#sockets.findLast(({ isOpen }) => isOpen)
    if (next) this.#prefer(next)
  }

  /** Ends it for good: asked to, or told not to come back. */
  #halt(code?: number): void {
    if (this.#stopped) return
    this.#stopped = true
    // Why it ended is what becomes of what was under way (chaos seed 231).
    this.#halted.resolve({ outcome: 'refused', code: refusals.get(code) ?? 'stopped' })
    this.#note('stop', code)
  }

  #note(phase: 'start' | 'stop', code?: number): void {
    const { client, user, session } = this.identity
    this.#options.log.record({ type: 'client', client, user, session, phase, code })
  }
}
