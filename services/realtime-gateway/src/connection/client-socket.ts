import type { Socket } from 'node:net'
import { closeCodes } from '@parley/contracts'
import type { RawData } from 'ws'
import { WebSocket } from 'ws'
import type { Connection } from './connection.ts'
import { tcpSocketOf, writeFrames } from './frame-writer.ts'
import type { Drainable, Transport } from './transport.ts'
import { corkForTurn, flushLarge } from './turn-cork.ts'

/** What ws closes with when a peer breaks RFC 6455, sends bad UTF-8 or goes over a limit of size, fragments or chunks. */
const protocolErrors: ReadonlySet<number | undefined> = new Set([1002, 1007, 1008, 1009])

/** A socket that knows its connection, so that all sockets share one set of listeners. */
export class ClientSocket extends WebSocket implements Transport {
  connection: Connection | undefined

  get waiting(): number {
    return this.bufferedAmount
  }

  get flushed(): number {
    const tcp = tcpSocketOf(this)
    return tcp ? tcp.bytesWritten - tcp.writableLength : 0
  }

  get needsDrain(): boolean {
    return tcpSocketOf(this)?.writableNeedDrain ?? false
  }

  write(frames: Buffer): void {
    const tcp = tcpSocketOf(this)
    if (!tcp) return
    corkForTurn(tcp)
    writeFrames(this, frames)
    flushLarge(tcp)
  }

  whenDrained(buffer: Drainable): void {
    const tcp = tcpSocketOf(this)
    if (!tcp || draining.has(tcp)) return
    draining.set(tcp, buffer)
    tcp.once('drain', onDrain)
  }

  /** ws closes by itself when the peer breaks the rules; that peer shall not come back and do it again. */
  override close(code?: number, reason?: string | Buffer): void {
    if (protocolErrors.has(code)) super.close(closeCodes.protocol_error, 'protocol_error')
    else super.close(code, reason)
  }
}

/** Hands the socket's events to its connection. */
export function attach(socket: ClientSocket, connection: Connection): void {
  socket.connection = connection
  socket.on('message', onMessage)
  socket.on('pong', onPong)
  socket.on('close', onClose)
  socket.on('error', onError)
}

// Only those that wait are in here.
const draining = new WeakMap<Socket, Drainable>()

function onDrain(this: Socket): void {
  const buffer = draining.get(this)
  draining.delete(this)
  buffer?.drained()
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  // ws gives anything but a Buffer only where it was asked to.
  if (Buffer.isBuffer(data)) connectionOf(this)?.receive(data, isBinary)
}

function onPong(this: WebSocket): void {
  connectionOf(this)?.hear()
}

function onClose(this: WebSocket): void {
  connectionOf(this)?.closed()
}

// A network error or a broken frame: 'close' follows, and is where the connection ends.
function onError(): void {}

function connectionOf(socket: WebSocket): Connection | undefined {
  return socket instanceof ClientSocket ? socket.connection : undefined
}
