import type { Socket } from 'node:net'
import type { Subscription } from '../rooms/subscription.ts'
import type { Tuning } from '../tuning.ts'
import type { ClientSocket } from './client-socket.ts'
import { transportOf, writeFrames } from './frame-writer.ts'

// One listener for all sockets; only those that wait are in here.
const waiting = new WeakMap<Socket, OutputBuffer>()

function onDrain(this: Socket): void {
  waiting.get(this)?.drained()
}

/**
 * What waits to be sent on one socket. Over `lag_bytes` nothing more is written, and nothing read either, so that a peer that
 * does not read its answers cannot ask for more of them; over `resume_bytes` no page is. Both end when the buffer has drained.
 */
export class OutputBuffer {
  congested = false
  readonly #socket: ClientSocket
  readonly #tuning: Tuning
  #parked: Set<Subscription> | undefined

  constructor(socket: ClientSocket, tuning: Tuning) {
    this.#socket = socket
    this.#tuning = tuning
  }

  get ready(): boolean {
    return !this.#exceeds(this.#tuning.resume_bytes)
  }

  /** Bytes that have not left yet. */
  get waiting(): number {
    return this.#socket.bufferedAmount
  }

  /** Bytes that have left, ever. */
  get flushed(): number {
    const transport = transportOf(this.#socket)
    return transport ? transport.bytesWritten - transport.writableLength : 0
  }

  write(frames: Buffer): void {
    writeFrames(this.#socket, frames)
    if (this.congested || !this.#exceeds(this.#tuning.lag_bytes)) return
    this.congested = true
    this.#socket.pause()
    this.#awaitDrain()
  }

  /** Resumes the subscription once the buffer has drained. */
  park(subscription: Subscription): void {
    this.#parked ??= new Set()
    this.#parked.add(subscription)
    this.#awaitDrain()
  }

  drained(): void {
    const transport = transportOf(this.#socket)
    if (transport) waiting.delete(transport)
    if (this.congested) this.#socket.resume()
    this.congested = false
    const parked = this.#parked
    this.#parked = undefined
    for (const subscription of parked ?? []) subscription.room.resume(subscription)
  }

  clear(): void {
    this.#parked = undefined
  }

  // The stream says when it has drained only if it asked to wait, which it does from 64 KiB on.
  #exceeds(bytes: number): boolean {
    return this.#socket.bufferedAmount >= bytes && (transportOf(this.#socket)?.writableNeedDrain ?? false)
  }

  #awaitDrain(): void {
    const transport = transportOf(this.#socket)
    if (!transport || waiting.has(transport)) return
    waiting.set(transport, this)
    transport.once('drain', onDrain)
  }
}
