import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { textsOf } from './text-frame.ts'

/** What of ws's insides is used, and only here. */
interface Insides {
  _socket?: Socket | null
  _sender?: { _state: number; _firstFragment: boolean; sendFrame(list: Buffer[]): void } | null
}

/** ws's sender is neither compressing nor reading a Blob. */
const IDLE = 0

/**
 * Writes finished frames, one or several joined, in one go. That is legal between whole messages of an uncompressed connection,
 * which all of ours are; where ws's insides are not as expected its own `send` is used, a frame at a time.
 */
export function writeFrames(socket: WebSocket, frames: Buffer): void {
  if (socket.readyState !== socket.OPEN) return
  const { _sender: sender } = socket as unknown as Insides
  if (sender?._state === IDLE && sender._firstFragment && socket.extensions === '') sender.sendFrame([frames])
  else for (const text of textsOf(frames)) socket.send(text, { binary: false })
}

/** The TCP socket below; undefined once it is gone. */
export function tcpSocketOf(socket: WebSocket): Socket | undefined {
  return (socket as unknown as Insides)._socket ?? undefined
}
