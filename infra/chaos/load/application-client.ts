import { type DurableFrameType, durableFrames } from '@parley/contracts'
import { type Client, createClient, type OutboxEntry } from '@parley/client'
import { type HistoryLog, type Identity, type Outcome, operate } from '@parley/testing'

export interface ApplicationClientOptions {
  log: HistoryLog
  identity: Identity
  /** Bases for REST and for sockets; asked before each request and connection. */
  restBase: () => string
  base: () => string
  random: () => number
  /** What the application has seen through an earlier client. */
  earlier?: ApplicationClient | undefined
  /** Without WebSockets. */
  blocked: boolean
  patience_ms?: number
}

const ANYWHERE = 'http://parley.invalid'

/**
 * An application on the client library, `@parley/client`. What is recorded is what the library hands on, not what is on the wire: the
 * checker wants it once, in order and without a gap, over all the clients that one application has.
 */
export class ApplicationClient {
  readonly identity: Identity
  /** Outlives its clients, which take over the cursors. */
  readonly app: string
  readonly #options: ApplicationClientOptions
  readonly #client: Client
  readonly #sockets = new Set<WebSocket>()
  #stopped = false
  #keys = 0

  constructor(options: ApplicationClientOptions) {
    const { identity, earlier, random, blocked } = options
    this.identity = identity
    this.app = earlier?.app ?? identity.client
    this.#options = options
    this.#client = createClient({
      url: ANYWHERE,
      token: identity.token,
      random,
      cursors: Object.fromEntries(earlier?.cursors ?? []),
      fetch: (input, init) => fetch(this.#somewhere(input as string), init),
      WebSocket: this.#recordedSockets(),
      ...(blocked ? { transports: ['event-stream', 'long-poll'] } : {})
    })
    this.#listen()
  }

  get cursors(): Map<string, number> {
    return new Map(Object.entries(this.#client.cursors()))
  }

  get isStopped(): boolean {
    return this.#stopped
  }

  get isConnected(): boolean {
    const { status } = this.#client.state
    return status === 'online' || status === 'moving'
  }

  /** A library has no way to stop reading. */
  readonly isPaused = false
  pause(): void {}
  resume(): void {}

  /** All of its user's. */
  follows(): boolean {
    return true
  }

  start(): void {
    this.#note('start')
    this.#client.connect().catch(() => undefined)
  }

  async stop(): Promise<void> {
    this.#halt()
    this.#client.disconnect()
  }

  breakConnections(): void {
    for (const socket of this.#sockets) socket.close()
  }

  /** Says something through the outbox, which tries for ever: given up, it is taken out. */
  async send(room: string, body: string): Promise<Outcome> {
    const { log, random, patience_ms = 30_000 } = this.#options
    const { user, session } = this.identity
    const client_id = `${this.identity.client}.${++this.#keys}`
    const intent = {
      kind: 'send',
      user,
      session,
      via: 'socket',
      conversation: room,
      client_id,
      body
    } as const
    const attempt = () => this.#attempt(room, body, client_id, patience_ms)
    return await operate(log, intent, attempt, { patience_ms, random, again: false })
  }

  async #attempt(room: string, body: string, client_id: string, patience_ms: number) {
    let tries = 0
    const off = this.#client.on('outbox', (entry: OutboxEntry) => {
      if (entry.client_id === client_id && entry.state === 'sending') tries++
    })
    const timer = setTimeout(() => this.#client.outbox.discard(client_id), patience_ms)
    try {
      const { message_id: message, seq } = await this.#client.conversation(room).send(body, { client_id })
        .sent
      return { outcome: 'ok', message, seq } as const
    } catch (error) {
      const { code = 'unknown' } = error as { code?: string }
      // Of several tries an earlier one may have worked.
      const certain = tries === 0 || (tries === 1 && code !== 'discarded')
      return { outcome: certain ? 'refused' : 'maybe', code } as const
    } finally {
      clearTimeout(timer)
      off()
    }
  }

  #listen(): void {
    const { log, identity } = this.#options
    const show = (facts: object) =>
      log.record({
        type: 'shown',
        app: this.app,
        user: identity.user,
        ...(facts as { conversation: string; frame: string })
      })
    this.#client.on('subscribed', ({ type, conversation_id, head }) =>
      show({ conversation: conversation_id, frame: type, head })
    )
    this.#client.on('unsubscribed', ({ type, conversation_id }) =>
      show({ conversation: conversation_id, frame: type })
    )
    for (const type of Object.keys(durableFrames) as DurableFrameType[]) {
      this.#client.on(type, (frame) => {
        const { conversation_id: conversation, seq, prev } = frame
        const message = 'message' in frame ? frame.message : undefined
        const subject = message?.id ?? ('message_id' in frame ? frame.message_id : undefined)
        show({ conversation, frame: type, seq, prev, subject, message_seq: message?.seq })
      })
    }
    this.#client.on('state', ({ status }) => {
      if (status === 'closed') this.#halt()
    })
  }

  /** Streams are a gateway's, the rest an api's. */
  #somewhere(address: string): string {
    const path = address.slice(ANYWHERE.length)
    const { base, restBase } = this.#options
    return `${path.includes('/events/') ? base().replace(/^ws/, 'http') : restBase()}${path}`
  }

  #recordedSockets(): typeof WebSocket {
    const { base } = this.#options
    const sockets = this.#sockets
    return class extends WebSocket {
      constructor(address: string | URL, protocols?: ConstructorParameters<typeof WebSocket>[1]) {
        super(`${base()}${String(address).slice(ANYWHERE.length - 2)}`, protocols)
        sockets.add(this)
        this.addEventListener('close', () => sockets.delete(this))
      }
    }
  }

  #halt(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#note('stop')
  }

  #note(phase: 'start' | 'stop'): void {
    this.#options.log.record({ type: 'application', app: this.app, user: this.identity.user, phase })
  }
}
