import { type IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'

/**
 * How long idle connections outlive the listener, in milliseconds: a proxy or pool that has just put a request on one, and would have
 * to call it failed if it were closed now, gets its answer, with `connection: close`. The listener lives no longer than that either
 * while connections keep coming.
 */
const LAST_REQUESTS_MS = 300
/** Turns without a new connection, each over within so many milliseconds: the kernel's queue is empty, or was a moment ago. */
const QUIET_TURNS = 2
const SHORT_TURN_MS = 0.5

/**
 * Lets a server that closes fail nobody. It takes the connections that the kernel has queued for it, which would be reset with the
 * listener (Node takes one a turn), and answers what comes on idle ones for a moment. Then it ends them, and those on which nothing
 * has come yet: browsers and pools open them ahead of need, and Node, which counts a connection as idle only after its first
 * answer, would wait for their headers to time out. Example: `closeInOrder(createServer())`
 */
export function closeInOrder(server: Server): void {
  const unused = new Set<Socket>()
  let closing: NodeJS.Timeout | undefined
  let taken = 0
  function forget(this: Socket): void {
    unused.delete(this)
  }
  server.on('connection', (socket: Socket) => {
    taken++
    unused.add(socket)
    socket.on('close', forget)
  })
  server.on('request', ({ socket }: IncomingMessage) => {
    if (unused.delete(socket)) socket.removeListener('close', forget)
  })
  const queueEmpty = async () => {
    let now = performance.now()
    const deadline = now + LAST_REQUESTS_MS
    for (let quiet = 0; quiet < QUIET_TURNS && now < deadline; ) {
      const before = { now, taken }
      await turn()
      now = performance.now()
      quiet = taken === before.taken && now - before.now < SHORT_TURN_MS ? quiet + 1 : 0
    }
  }
  server.close = (done) => {
    void queueEmpty().then(() => Server.prototype.close.call(server, done))
    return server
  }
  const endIdle = () => {
    closing = undefined
    Server.prototype.closeIdleConnections.call(server)
    // An upgraded connection had no 'request', but has been read from.
    for (const socket of unused) if (socket.bytesRead === 0) socket.destroy()
  }
  // Node itself calls this when a server closes. Timers run before what has come in is read: that goes first.
  server.closeIdleConnections = () => {
    closing ??= setTimeout(() => setImmediate(endIdle), LAST_REQUESTS_MS)
  }
  server.on('close', () => clearTimeout(closing))
}
