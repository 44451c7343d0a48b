import { createConnection, type Socket } from 'node:net'
import { encodeClientFrame, FrameReader, type FrameSink } from './frame-reader.ts'

export interface RawSocketOptions {
  host: string
  port: number
  /** Where the connection comes from: one loopback address has some 28,000 ports. */
  local_address: string
  path: string
  headers: readonly string[]
  onText(socket: RawSocket, bytes: Buffer, start: number, end: number): void
  onClosed(socket: RawSocket): void
}

// Every read of every socket lands here: it is handled before the next one.
const shared = Buffer.alloc(256 * 1024)
const HEAD_END = Buffer.from('\r\n\r\n')

/** A WebSocket client that only counts: no stream, no buffer of its own, no unmasking, no validation. */
export class RawSocket implements FrameSink {
  /** What the load client keeps beside it. */
  readonly index: number
  reads = 0
  bytes = 0
  messages = 0
  readonly #options: RawSocketOptions
  readonly #socket: Socket
  readonly #reader = new FrameReader()
  readonly #opened = Promise.withResolvers<void>()
  #head: Buffer | undefined = Buffer.alloc(0)

  constructor(index: number, options: RawSocketOptions) {
    this.index = index
    this.#options = options
    const { host, port, local_address } = options
    this.#socket = createConnection({
      host,
      port,
      localAddress: local_address,
      noDelay: true,
      onread: { buffer: shared, callback: (length: number) => this.#read(length) }
    })
    this.#socket.once('connect', () => this.#socket.write(this.#request()))
    this.#socket.once('error', (error) => this.#opened.reject(error))
    this.#socket.once('close', () => {
      this.#opened.reject(new Error('closed before the upgrade'))
      options.onClosed(this)
    })
  }

  /** Resolves when the upgrade was granted. */
  get opened(): Promise<void> {
    return this.#opened.promise
  }

  send(text: string): void {
    this.#socket.write(encodeClientFrame(text))
  }

  close(): void {
    this.#socket.destroy()
  }

  text(bytes: Buffer, start: number, end: number): void {
    this.#options.onText(this, bytes, start, end)
  }

  control(opcode: number, payload: Buffer): void {
    if (opcode === 9) this.#socket.write(encodeClientFrame(payload, 10))
    if (opcode === 8) this.#socket.end()
  }

  #read(length: number): boolean {
    this.reads++
    this.bytes += length
    if (this.#head) this.#readHead(length)
    else this.#reader.push(shared, length, this)
    return true
  }

  #readHead(length: number): void {
    const bytes = Buffer.concat([this.#head ?? Buffer.alloc(0), shared.subarray(0, length)])
    const end = bytes.indexOf(HEAD_END)
    this.#head = bytes
    if (end < 0) return
    this.#head = undefined
    const status = bytes.toString('latin1', 0, end).split('\r\n', 1)[0] ?? ''
    if (!status.startsWith('HTTP/1.1 101')) {
      this.#opened.reject(new Error(`the upgrade was answered with ${status}`))
      this.#socket.destroy()
      return
    }
    this.#opened.resolve()
    const rest = bytes.subarray(end + HEAD_END.length)
    if (rest.length > 0) this.#reader.push(rest, rest.length, this)
  }

  #request(): string {
    const { host, port, path, headers } = this.#options
    const lines = [
      `GET ${path} HTTP/1.1`,
      `Host: ${host}:${port}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ...headers
    ]
    return `${lines.join('\r\n')}\r\n\r\n`
  }
}
