import type { ServerResponse } from 'node:http'
import type { Connection } from '../connection/connection.ts'
import type { Drainable, Transport } from '../connection/transport.ts'

/** A response whose body goes on: one way, so a peer is there as long as it takes what it is sent. */
export class ResponseTransport implements Transport {
  connection: Connection | undefined
  readonly #response: ServerResponse
  #written = 0

  constructor(response: ServerResponse) {
    this.#response = response
    response.on('close', () => this.connection?.closed())
    response.on('error', () => undefined)
  }

  get waiting(): number {
    return this.#response.writableLength
  }

  get flushed(): number {
    return this.#written - this.waiting
  }

  get needsDrain(): boolean {
    return this.#response.writableNeedDrain
  }

  write(bytes: Buffer): void {
    if (this.#response.writableEnded || this.#response.destroyed) return
    this.#written += bytes.length
    this.#response.write(bytes)
  }

  whenDrained(buffer: Drainable): void {
    this.#response.once('drain', () => buffer.drained())
  }

  /** A comment, which readers ignore and proxies take for a sign of life. */
  ping(): void {
    this.write(Buffer.from(':\n\n'))
    this.connection?.hear()
  }

  close(): void {
    this.#response.end()
  }

  terminate(): void {
    this.#response.destroy()
  }

  pause(): void {}
  resume(): void {}
}
