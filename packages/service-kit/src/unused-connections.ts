import { type IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Lets a server that closes also close the connections on which nothing has come yet: browsers and pools open them ahead of need.
 * Node counts a connection as idle only after its first answer, and would wait for the headers to time out. Example:
 * `closeUnusedConnections(createServer())`
 */
export function closeUnusedConnections(server: Server): void {
  const unused = new Set<Socket>()
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
  // Node itself calls this when a server closes. An upgraded connection had no 'request', but has been read from.
  server.closeIdleConnections = () => {
    Server.prototype.closeIdleConnections.call(server)
    for (const socket of unused) if (socket.bytesRead === 0) socket.destroy()
  }
}
