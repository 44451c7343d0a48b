import { type ServerFrames, type SimpleFrames, serverFrames, simpleFrames } from '@parley/contracts'
import { type Frame, type TestSocket, UpgradeRefused } from '@parley/testing'
import { refusalOf, shaped } from './rest-client.ts'

/**
 * The next `parley.v1` frame of a type, which has to be of the contract's shape.
 *
 * @example
 * const { head } = await nextFrame(socket, 'subscribed')
 */
export async function nextFrame<T extends keyof ServerFrames>(
  socket: TestSocket,
  type: T,
  timeout_ms?: number
): Promise<ServerFrames[T]> {
  return shaped<unknown>(serverFrames[type], await socket.next(isOf(type), timeout_ms)) as ServerFrames[T]
}

/** The same for the simple dialect. */
export async function nextSimple<T extends keyof SimpleFrames>(
  socket: TestSocket,
  type: T,
  timeout_ms?: number
): Promise<SimpleFrames[T]> {
  return shaped<unknown>(simpleFrames[type], await socket.next(isOf(type), timeout_ms)) as SimpleFrames[T]
}

/** What an upgrade is refused with, such as `404 not_found`; throws where it is not refused. */
export async function refusedUpgrade(opening: Promise<TestSocket>): Promise<string> {
  try {
    const socket = await opening
    await socket.close()
  } catch (error) {
    if (!(error instanceof UpgradeRefused)) throw error
    const type = String(error.headers['content-type'])
    const body = /\bjson\b/.test(type) ? JSON.parse(error.body) : error.body
    return refusalOf({
      request: 'upgrade',
      status: error.status,
      headers: new Headers({ 'content-type': type }),
      body
    })
  }
  throw new Error('the socket was opened')
}

function isOf(type: string): (frame: Frame) => boolean {
  return (frame) => frame.type === type
}
