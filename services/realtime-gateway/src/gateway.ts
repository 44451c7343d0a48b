import { randomUUIDv7 } from 'node:crypto'
import { type BeatReply, type ConversationApi, type Id, limits, ProblemError } from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import type { CheckResult, Tracing } from '@parley/service-kit'
import type { Logger } from 'pino'
import { CommandQueue } from './api-client/command-queue.ts'
import { RoomReader } from './api-client/room-reader.ts'
import type { Admission } from './connection/admission.ts'
import { attach, type ClientSocket } from './connection/client-socket.ts'
import { CommandRunner } from './connection/command-runner.ts'
import { Connection, type ConnectionOptions } from './connection/connection.ts'
import { ConnectionRegistry } from './connection/connection-registry.ts'
import { drain } from './connection/drain.ts'
import { HeartbeatSweep } from './connection/heartbeat-sweep.ts'
import type { Protocol } from './connection/protocol.ts'
import { averageWriteMs } from './connection/turn-cork.ts'
import type { Transport } from './connection/transport.ts'
import type { GatewayMetrics } from './gateway-metrics.ts'
import { PresenceBook } from './presence/presence-book.ts'
import { PresenceReporter } from './presence/presence-reporter.ts'
import { presenceTellings } from './presence/presence-tellings.ts'
import { createProtocols, type Protocols } from './protocols/protocols.ts'
import { Beat } from './rooms/beat.ts'
import { Confirmation } from './rooms/confirmation.ts'
import { inParts } from './rooms/in-parts.ts'
import { Pace } from './rooms/pace.ts'
import { RoomRegistry } from './rooms/room-registry.ts'
import type { Wish } from './rooms/subscription.ts'
import { TurnEnd } from './rooms/turn-end.ts'
import { WriteLoad } from './rooms/write-load.ts'
import type { Tuning } from './tuning.ts'
import { RoomFollower } from './user-rooms/room-follower.ts'
import { endSession, listenToUserControl } from './user-rooms/user-control.ts'

export interface GatewayOptions {
  api: ConversationApi
  bus: EventBus
  tuning: Tuning
  rate_limits: boolean
  metrics: GatewayMetrics
  logger: Logger
  tracing?: Tracing | undefined
}

/** Everything between the sockets and the api, put together once. */
export class Gateway {
  readonly connections: ConnectionRegistry
  readonly reader: RoomReader
  readonly #options: GatewayOptions
  readonly #commands: CommandQueue
  readonly #rooms: RoomRegistry
  readonly #follower: RoomFollower
  readonly #protocols: Protocols
  readonly #confirmation: Confirmation
  readonly #turnEnd: TurnEnd
  readonly #presence: PresenceBook
  #running: { beat: Beat; sweep: HeartbeatSweep; stop: () => void } | undefined
  #count = 0

  constructor(options: GatewayOptions) {
    const { api, bus, tuning, metrics, logger, tracing } = options
    this.#options = options
    this.connections = new ConnectionRegistry({
      per_second: limits.sends_per_second,
      burst: limits.sends_burst
    })
    this.reader = new RoomReader(api, tuning)
    this.#commands = new CommandQueue(api, tuning, logger)
    this.#turnEnd = new TurnEnd(logger)
    this.#confirmation = new Confirmation(tuning.unconfirmed_ms, () => this.#suspend())
    this.#rooms = new RoomRegistry(bus, {
      readRoom: (read) => this.reader.read(read),
      turnEnd: this.#turnEnd,
      writeLoad: new WriteLoad(tuning.coalesce_ms, averageWriteMs),
      pace: new Pace(tuning.others_ms),
      confirmation: this.#confirmation,
      tuning,
      metrics,
      logger,
      tracing
    })
    this.#follower = new RoomFollower({ api, rooms: this.#rooms, logger })
    this.#presence = new PresenceBook(tuning.presence_linger_ms)
    const commands = new CommandRunner(this.#commands, this.connections, metrics, tracing)
    const handlers = { rooms: this.#rooms, commands, follower: this.#follower, presence: this.#presence, bus }
    this.#protocols = createProtocols(handlers, tuning)
    metrics.watch({ connections: () => this.#countConnections(), rooms: () => this.#countRooms() })
  }

  start(): void {
    const { api, bus, tuning, metrics, logger } = this.#options
    const control = listenToUserControl({ bus, connections: this.connections, follower: this.#follower })
    const beat = new Beat({
      api,
      tuning,
      confirmation: this.#confirmation,
      metrics,
      logger,
      items: () => ({
        most: Math.max(this.#rooms.size, this.connections.size),
        rooms: this.#rooms.heads(),
        sessions: this.connections.sessions(),
        users: this.#follower.versions()
      }),
      apply: (reply) => this.#apply(reply)
    })
    const presence = new PresenceReporter({
      api,
      book: this.#presence,
      tuning,
      logger,
      mayTell: () => this.#confirmation.holds(),
      tell: (changes) => {
        inParts(
          this.#turnEnd,
          presenceTellings(this.#rooms, changes),
          tuning.fan_out_chunk,
          ([hearer, frame]) => {
            if (this.#confirmation.holds()) hearer.writeVolatile(frame)
          }
        )
      }
    })
    const sweep = new HeartbeatSweep(tuning.heartbeat_ms)
    const stop = () => {
      beat.stop()
      presence.stop()
      sweep.stop()
      void control.stop()
    }
    this.#running = { beat, sweep, stop }
  }

  /** Drains, then closes what `start` opened. */
  async stop(): Promise<void> {
    const { connections } = this
    await drain({ connections, commands: this.#commands, tuning: this.#options.tuning })
    this.#running?.stop()
    this.#rooms.close()
  }

  /** Throws while the api does not answer. */
  checkApi(): CheckResult {
    if (!this.#running?.beat.ok) throw new Error('the api does not answer the beat')
    return 'ok'
  }

  /** Takes over a socket that was just opened. */
  open(socket: ClientSocket, admission: Admission, speaks_v1: boolean): void {
    attach(socket, this.accept(socket, admission, this.#protocolFor(admission, speaks_v1)))
  }

  /** A connection on whatever carries it, subscribed to what its admission says. */
  accept(transport: Transport, admission: Admission, protocol: Protocol): Connection {
    const { user, session_id, scope, room, rooms } = admission
    const { tuning, rate_limits } = this.#options
    const connection = new Connection(transport, {
      id: randomUUIDv7(),
      number: this.#count++,
      user,
      session_id,
      scope,
      protocol,
      tuning,
      rate_limits,
      onClosed: this.#onClosed,
      onSettled: this.#onSettled
    })
    this.connections.add(connection)
    this.#running?.sweep.add(connection)
    // Whoever polls comes and goes.
    if (protocol.name !== 'long-poll') this.#presence.opened(connection)
    protocol.opened(connection)
    if (rooms) this.#follower.followFrom(connection, rooms)
    if (scope.kind === 'room' && room) {
      const { membership, since } = room
      // Who is not told where it begins begins at the moment of the upgrade.
      const start = since ?? (connection.dialect.by_cursor ? undefined : membership.head)
      this.subscribe(connection, scope.conversation_id, { since: start, membership })
    }
    return connection
  }

  subscribe(connection: Connection, conversation_id: Id, wish: Wish): void {
    connection.adopt(this.#rooms.subscribe(connection, conversation_id, wish))
  }

  /** An answer to the beat: what ended ends first, before anything else is written. */
  #apply({ ended, users, rooms }: BeatReply): void {
    for (const session_id of ended) endSession(this.connections, session_id)
    for (const [user, version] of Object.entries(users)) this.#follower.changed(user, version)
    for (const [id, head] of Object.entries(rooms)) this.#rooms.get(id)?.expect(head)
    this.#rooms.tidy()
    this.connections.tidy()
  }

  #suspend(): void {
    this.#options.logger.warn(
      { connections: this.connections.size },
      'sessions unconfirmed, nothing is written'
    )
    this.#rooms.suspend()
  }

  #protocolFor({ scope }: Admission, speaks_v1: boolean): Protocol {
    if (scope.kind === 'notifications') return this.#protocols.notifications
    return speaks_v1 ? this.#protocols.v1 : this.#protocols.simple
  }

  // Shared by all connections, so that none brings closures of its own.
  readonly #onClosed: ConnectionOptions['onClosed'] = (connection, reason) => {
    this.connections.remove(connection)
    this.#running?.sweep.remove(connection)
    this.#follower.unfollow(connection)
    this.#presence.closed(connection)
    if (reason) this.#options.metrics.closed.inc({ code: reason })
  }

  readonly #onSettled: ConnectionOptions['onSettled'] = (connection, subscription, outcome) => {
    this.#follower.settled(connection, subscription, outcome)
  }

  #countConnections(): Record<string, number> {
    const counts: Record<string, number> = { 'parley.v1': 0, simple: 0, notifications: 0 }
    for (const { protocol } of this.connections) counts[protocol.name] = (counts[protocol.name] ?? 0) + 1
    return counts
  }

  #countRooms(): { open: number; live: number; behind: number } {
    const counts = { open: this.#rooms.size, live: 0, behind: 0 }
    for (const { live, behind } of this.#rooms) {
      counts.live += live.size
      counts.behind += behind.size
    }
    return counts
  }
}

/** What a refused upgrade counts as. */
export function refusalCode(error: unknown): string {
  return error instanceof ProblemError ? error.code : 'internal'
}
