import type { ClientFrames, Conversation, ServerFrames, User } from '@parley/contracts'
import { carryOut, type Command, persist } from './commands.ts'
import { type Clock, Connection, type ConnectionState } from './connection/connection.ts'
import { createAuthorize, type TokenSource } from './connection/credentials.ts'
import { createOpen } from './connection/open.ts'
import { watchSurroundings } from './connection/surroundings.ts'
import type { OutgoingFrame, ShareConnection, Transport, WireFrame } from './connection/transport.ts'
import { type ConversationHandle, createConversation, pages } from './conversation.ts'
import { Emitter, type Off } from './emitter.ts'
import { errorOf } from './errors.ts'
import type { ClientEvent, ClientEvents, EventName } from './events.ts'
import { Follow } from './follow.ts'
import { isDurable, Lines } from './lines/lines.ts'
import { Outbox } from './outbox/outbox.ts'
import { memoryStorage, type OutboxStorage } from './outbox/outbox-storage.ts'
import { createEventsRequest, createRest, type Rest } from './rest/rest.ts'
import { streamOf } from './stream.ts'
import { serverFrameTypes } from './wire/tables.ts'

export interface ClientOptions {
  /** Parley's origin, such as `https://example.com`. Default: the page's. */
  url?: string
  /** Without one the session cookie is used. */
  token?: TokenSource
  /** `all`, the default: every conversation of mine, also those to come. `none`: those that are subscribed to. */
  follow?: 'all' | 'none'
  /** Where an earlier client stood, of {@link Client.cursors}. */
  cursors?: Readonly<Record<string, number>>
  /** Where unsent messages are kept. Default: in memory. */
  storage?: OutboxStorage
  /** What may be used, in this order. Default: `websocket`, `event-stream`, `long-poll`. */
  transports?: readonly ('websocket' | 'event-stream' | 'long-poll')[]
  /** One connection for several clients: `shareTabs` of `@parley/client/tabs`. */
  share?: ShareConnection
  fetch?: typeof fetch
  WebSocket?: typeof WebSocket
  clock?: Clock
  random?: () => number
}

export interface Client {
  readonly rest: Rest
  readonly outbox: Outbox
  readonly state: ConnectionState
  /** Who one is signed in as, once connected. */
  readonly me: User | undefined
  /** Resolves when first connected; goes on trying until then. Rejects where it ends for good. */
  connect(): Promise<User>
  /** Ends the connection; `connect` begins again, and goes on where this one stood. */
  disconnect(): void
  conversations(): AsyncIterableIterator<Conversation>
  conversation(id: string): ConversationHandle
  on<N extends EventName>(name: N, listener: (event: ClientEvents[N]) => void): Off
  events(options?: { signal?: AbortSignal }): AsyncIterableIterator<ClientEvent>
  presence(status: ClientFrames['presence']['status']): void
  /** How far each conversation has been taken. */
  cursors(): Record<string, number>
}

/** How long a command is tried before it is given up, in milliseconds. */
const PATIENCE_MS = 30_000

/**
 * Parley for an application: one connection, every message once and in order. Failures are `ParleyError`s.
 *
 * @example
 * const parley = createClient({ url: 'https://example.com', token })
 * await parley.connect()
 * parley.on('message', ({ message }) => show(message))
 * parley.conversation(id).send('Hello')
 */
export function createClient(options: ClientOptions = {}): Client {
  const { clock = systemClock, random = Math.random, storage = memoryStorage() } = options
  const url = (options.url ?? globalThis.location?.origin ?? '').replace(/\/$/, '')
  const pause = (ms: number) => new Promise<void>((resolve) => clock.setTimeout(resolve, ms))
  const newId = () => crypto.randomUUID()
  const { authorize, renew } = createAuthorize(options.token)
  const restSetup = { url, fetch: options.fetch ?? ((...args) => fetch(...args)), authorize }
  const rest = createRest(restSetup)
  const emitter = new Emitter<ClientEvents>()
  let me: User | undefined
  let unwatch: Off | undefined

  const openOwn = createOpen({
    url,
    rest,
    clock,
    WebSocket: options.WebSocket ?? WebSocket,
    request: createEventsRequest(restSetup),
    tickets: options.token !== undefined,
    transports: options.transports ?? ['websocket', 'event-stream', 'long-poll'],
    improve: () => connection.improve()
  })
  const shared = options.share?.(openOwn, { rest, clock })
  const connection = new Connection({
    clock,
    random,
    open: (events, opening) => {
      renew()
      return (shared?.open ?? openOwn)(events, opening)
    },
    unwanted: () => shared?.release(),
    begin: (transport) => follow.begin(transport),
    frame: take,
    state: changed
  })
  const lines = new Lines(
    {
      deliver: (frame) => tell(frame),
      subscribe: (id, since) => follow.resume(id, since)
    },
    options.cursors
  )
  const follow = new Follow({
    connection,
    lines,
    all: options.follow !== 'none',
    pause,
    random,
    gone: (event) => emitter.emit('unsubscribed', event),
    problem: (error) => emitter.emit('problem', error)
  })
  const outbox = new Outbox({
    storage,
    newId,
    pause: (ms) => pause(ms + random() * 1_000),
    changed: (entry) => emitter.emit('outbox', entry),
    problem: (error) => emitter.emit('problem', error),
    send: async ({ client_id, conversation_id, content }) => {
      const done = await carryOut({ type: 'send', client_id, conversation_id, ...content }, connection, rest)
      return { message_id: done.message_id ?? '', seq: done.seq ?? 0 }
    }
  })

  function take(frame: WireFrame, transport: Transport): void {
    if (isDurable(frame)) lines.take(frame)
    else if (frame.type === 'subscribed') {
      lines.subscribed(frame as unknown as ServerFrames['subscribed'])
      tell(frame)
    } else if (frame.type === 'unsubscribed') {
      lines.ended(String(frame.conversation_id))
      tell(frame)
    } else if (frame.type === 'error') follow.error(frame as unknown as ServerFrames['error'], transport)
    else if (!inward.has(frame.type)) tell(frame)
  }

  function tell(frame: { type: string }): void {
    const known = serverFrameTypes.includes(frame.type)
    emitter.emit(known ? (frame.type as EventName) : 'unknown_frame', frame as never)
  }

  function changed(state: ConnectionState): void {
    const user = connection.transport?.user
    if (user) {
      me = user
      outbox.open(user.id)
    } else outbox.close()
    emitter.emit('state', state)
  }

  function connect(): Promise<User> {
    unwatch ??= watchSurroundings((happening) => connection.notice(happening))
    connection.connect()
    return new Promise((resolve, reject) => {
      const look = ({ status, error }: ConnectionState) => {
        if (me && (status === 'online' || status === 'moving')) resolve(me)
        else if (status === 'closed' || status === 'idle') reject(error ?? errorOf({ code: 'closed' }))
        else return false
        return true
      }
      if (look(connection.state)) return
      const off = emitter.on('state', (state) => {
        if (look(state)) off()
      })
    })
  }

  return {
    rest,
    outbox,
    get state() {
      return connection.state
    },
    get me() {
      return me
    },
    connect,
    disconnect: () => {
      unwatch?.()
      unwatch = undefined
      connection.disconnect()
    },
    conversations: () => pages((page) => rest('GET conversations/', page)),
    conversation: (id) =>
      createConversation(id, {
        rest,
        emitter,
        outbox,
        newId,
        run: async (command: Command) => {
          const attempt = () => carryOut(command, connection, rest)
          await persist(attempt, { pause, random, patience_ms: PATIENCE_MS })
          // The server tells the other connections only.
          if (command.type === 'read' && me) emitter.emit('read', { ...command, user_id: me.id })
        },
        say: (frame: OutgoingFrame) => connection.say(frame),
        subscribe: (conversation_id, since) => follow.subscribe(conversation_id, since),
        unsubscribe: (conversation_id) => follow.unsubscribe(conversation_id)
      }),
    on: (name, listener) => emitter.on(name, listener),
    events: ({ signal } = {}) =>
      streamOf((push) => emitter.onAny((event, name) => push({ name, event } as ClientEvent)), signal),
    presence: (status) => void connection.say({ type: 'presence', status }),
    cursors: () => lines.cursors()
  }
}

const inward = new Set(['welcome', 'subscribed_all', 'ack', 'lagging'])

const systemClock: Clock = {
  setTimeout: (call, ms) => setTimeout(call, ms),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
  now: () => Date.now()
}
