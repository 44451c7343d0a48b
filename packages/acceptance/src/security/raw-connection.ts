import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

const ANSWER_MS = 5_000
/** What is kept of what the server says; the rest is only counted. */
const KEPT_BYTES = 256 * 1024

/**
 * A TCP connection that writes exactly the bytes it is told and keeps what comes back.
 *
 * @example
 * const raw = await RawConnection.open(url)
 * raw.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
 * const status = await raw.until((received) => statusOf(received))
 */
export class RawConnection {
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #look: (() => void) | undefined
  /** Resolves when the connection is gone, however it went. */
  readonly closed: Promise<void>

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (bytes) => {
      if (this.#received.length < KEPT_BYTES) this.#received = Buffer.concat([this.#received, bytes])
      this.#look?.()
    })
    // A reset is an end like any other; 'close' follows.
    socket.on('error', () => undefined)
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        resolve()
        this.#look?.()
      })
    })
  }

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url)
    const socket = connect({ host: hostname, port: Number(port) })
    const raw = new RawConnection(socket)
    await once(socket, 'connect')
    return raw
  }

  get received(): Buffer {
    return this.#received
  }

  write(bytes: string | Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes)
  }

  /** Ends this side; the server may still answer. */
  end(): void {
    this.#socket.end()
  }

  /** An RST, without a goodbye. */
  reset(): void {
    this.#socket.resetAndDestroy()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** What `find` makes of the bytes so far, as soon as that is defined. Rejects when the connection ends or time is up before. */
  async until<T>(find: (received: Buffer) => T | undefined, timeout_ms = ANSWER_MS): Promise<T> {
    const found = Promise.withResolvers<T>()
    const fail = (why: string) =>
      found.reject(new Error(`${why}; received: ${JSON.stringify(this.#received.toString('latin1'))}`))
    const timer = setTimeout(() => fail(`not within ${timeout_ms} ms`), timeout_ms)
    this.#look = () => {
      const value = find(this.#received)
      if (value !== undefined) found.resolve(value)
      else if (this.#socket.destroyed) fail('the connection ended first')
    }
    this.#look()
    try {
      return await found.promise
    } finally {
      clearTimeout(timer)
      this.#look = undefined
    }
  }
}
