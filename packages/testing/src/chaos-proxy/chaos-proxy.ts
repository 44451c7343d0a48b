import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { type Conditions, covers, type Direction, type Directions } from './conditions.ts'
import { Flow } from './flow.ts'

export interface ChaosProxyOptions {
  /** Where the bytes go: read anew for each connection, so that a server may come back on another port. */
  target: () => { port: number; host?: string }
  /** 0, the default: a free one. */
  port?: number
  /** For bit flips. Default `Math.random`. */
  random?: () => number
}

/** A link that can be spoilt. Whatever is set holds for connections that are open and for new ones, until {@link ChaosProxy.pass}. */
export interface ChaosProxy {
  readonly port: number
  /** `127.0.0.1:<port>`. */
  readonly address: string
  /** Connections that are open now. */
  readonly connections: number
  /** Everything passes again, also what was held. */
  pass(): Promise<void>
  delay(ms: number, directions?: Directions): void
  throttle(bytes_per_second: number, directions?: Directions): void
  /** Nothing passes and nobody is told: `up` or `down` alone is a one-way partition. */
  blackhole(directions?: Directions): void
  corrupt(share: number, directions?: Directions): void
  /** Says the end (FIN) of every open connection to one of its sides, which may still talk. */
  halfClose(direction: Direction): void
  /** Ends every open connection with an RST to both sides. New ones are accepted. */
  reset(): void
  /** Ends every open connection and refuses new ones. */
  cut(): Promise<void>
  close(): Promise<void>
}

interface Connection {
  client: Socket
  server: Socket
  flows: Flow[]
}

/**
 * Starts a TCP proxy on 127.0.0.1 between two processes, to be put in the place of a network that fails. Dropped packets cannot be
 * imitated from user space: a blackhole keeps the bytes and gives them later, as TCP does; a new connection during one is accepted
 * and stays silent. Rejects when the port is taken.
 *
 * @example
 * const link = await startChaosProxy({ target: () => ({ port: postgres.port }) })
 * link.blackhole('down')
 * await link.pass()
 */
export async function startChaosProxy(options: ChaosProxyOptions): Promise<ChaosProxy> {
  const proxy = new TcpProxy(options)
  await proxy.listen()
  return proxy
}

class TcpProxy implements ChaosProxy {
  port: number
  readonly #options: ChaosProxyOptions
  readonly #random: () => number
  readonly #conditions: Record<Direction, Conditions> = { up: {}, down: {} }
  readonly #open = new Set<Connection>()
  #server: Server | undefined

  constructor(options: ChaosProxyOptions) {
    this.#options = options
    this.#random = options.random ?? Math.random
    this.port = options.port ?? 0
  }

  get address(): string {
    return `127.0.0.1:${this.port}`
  }

  get connections(): number {
    return this.#open.size
  }

  async listen(): Promise<void> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client))
    server.listen(this.port, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address !== null && typeof address === 'object') this.port = address.port
    this.#server = server
  }

  #accept(client: Socket): void {
    const server = connect({
      host: '127.0.0.1',
      ...this.#options.target(),
      allowHalfOpen: true,
      noDelay: true
    })
    const flow = (from: Socket, to: Socket, direction: Direction) =>
      new Flow(from, to, () => this.#conditions[direction], this.#random)
    const flows = [flow(client, server, 'up'), flow(server, client, 'down')]
    const connection = { client, server, flows }
    this.#open.add(connection)
    for (const [socket, other] of [
      [client, server],
      [server, client]
    ] as const) {
      // A reset or a refusal of one side is one to the other; 'close' follows and forgets the connection.
      socket.on('error', () => resetSocket(other))
      socket.once('close', () => {
        if (client.destroyed && server.destroyed) this.#forget(connection)
      })
    }
  }

  #forget(connection: Connection): void {
    for (const flow of connection.flows) flow.close()
    this.#open.delete(connection)
  }

  async pass(): Promise<void> {
    this.#conditions.up = {}
    this.#conditions.down = {}
    this.#pump()
    if (!this.#server) await this.listen()
  }

  delay(delay_ms: number, directions: Directions = 'both'): void {
    this.#set({ delay_ms }, directions)
  }

  throttle(bytes_per_second: number, directions: Directions = 'both'): void {
    this.#set({ bytes_per_second }, directions)
  }

  blackhole(directions: Directions = 'both'): void {
    this.#set({ blackhole: true }, directions)
  }

  corrupt(share: number, directions: Directions = 'both'): void {
    this.#set({ corrupt: share }, directions)
  }

  #set(conditions: Conditions, directions: Directions): void {
    for (const direction of ['up', 'down'] as const) {
      if (covers(directions, direction)) Object.assign(this.#conditions[direction], conditions)
    }
    this.#pump()
  }

  #pump(): void {
    for (const { flows } of this.#open) for (const flow of flows) flow.pump()
  }

  halfClose(direction: Direction): void {
    for (const { client, server } of this.#open) (direction === 'up' ? server : client).end()
  }

  reset(): void {
    for (const { client, server } of this.#open) {
      resetSocket(client)
      resetSocket(server)
    }
  }

  async cut(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    const closed = server ? new Promise((resolve) => server.close(resolve)) : undefined
    this.reset()
    await closed
  }

  async close(): Promise<void> {
    await this.cut()
  }
}

/** While a socket's FIN is on its way libuv refuses to reset it, and Node then never closes it. */
function resetSocket(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy()
  else socket.resetAndDestroy()
}
