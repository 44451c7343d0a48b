import { type IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * How long idle connections outlive the listener, in milliseconds: a proxy or pool that has just put a request on one, and would have
 * to call it failed if it were closed now, gets its answer, with `connection: close`.
 */
const LAST_REQUESTS_MS = 300

/**
 * Lets a server that closes end its idle connections too, a moment later, and those on which nothing has come yet: browsers and
 * pools open them ahead of need, and Node, which counts a connection as idle only after its first answer, would wait for their
 * headers to time out. Example: `closeInOrder(createServer())`
 */
export function closeInOrder(server: Server): void {
  const unused = new Set<Socket>()
  let closing: NodeJS.Timeout | undefined
  function forget(this: Socket): void {
    unused.delete(this)
  }
  server.on('connection', (socket: Socket) => {
    unused.add(socket)
    socket.on('close', forget)
  })
  server.on('request', ({ socket }: IncomingMessage) => {
    if (unused.delete(socket)) socket.removeListener('close', forget)
  })
  // Node itself calls this when a server closes.
  server.closeIdleConnections = () => {
    closing ??= setTimeout(() => {
      closing = undefined
      Server.prototype.closeIdleConnections.call(server)
      // An upgraded connection had no 'request', but has been read from.
      for (const socket of unused) if (socket.bytesRead === 0) socket.destroy()
    }, LAST_REQUESTS_MS)
  }
  server.on('close', () => clearTimeout(closing))
}
