import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { serviceFor } from '@parley/contracts'
import { answerClientError, httpLimits, StartError } from '@parley/service-kit'

/** The part of a Fastify instance that a listener needs. */
export interface Routable {
  routing: RequestListener
  server: Server
}

export interface Routes {
  api: Routable
  gateway: Routable
  /** Everything that belongs to neither. */
  own: Routable
}

export interface Listener {
  readonly port: number
  /** From now on requests are answered; those that came earlier have waited. */
  serve(routes: Routes): void
  /** Takes no new connections, and resolves when the open ones are done; after `grace_ms` they are ended. */
  close(grace_ms: number): Promise<void>
}

/**
 * One port for several Fastify instances: the path says whose request or upgrade it is, and nothing is proxied. Listening comes
 * first, so that a port in use is known before anything else is started.
 */
export async function openListener(host: string, port: number): Promise<Listener> {
  const { maxHeadersCount, connectionTimeout, ...options } = httpLimits
  const server = createServer({ ...options, shouldUpgradeCallback: isForGateway })
  server.maxHeadersCount = maxHeadersCount
  server.setTimeout(connectionTimeout)
  const routes = Promise.withResolvers<Routes>()
  server.on('clientError', answerClientError)
  server.on('request', async (request, reply) => {
    const { api, gateway, own } = await routes.promise
    const owner = ownerOf(request)
    const app = owner === 'conversation-api' ? api : owner === 'realtime-gateway' ? gateway : own
    app.routing(request, reply)
  })
  server.on('upgrade', async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { gateway } = await routes.promise
    gateway.server.emit('upgrade', request, socket, head)
  })
  // Upgraded ones are not among the server's own, and it waits for them all the same.
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await listen(server, host, port)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port')
  return {
    port: address.port,
    serve: routes.resolve,
    async close(grace_ms) {
      const closed = once(server, 'close')
      server.close()
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, grace_ms)
      await closed
      clearTimeout(timer)
    }
  }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen({ host, port })
    await once(server, 'listening')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE')
      throw new StartError(`port ${port} of ${host} is in use: stop what listens there, or set PORT`)
    throw new StartError(`cannot listen on port ${port} of ${host} (${String(code)}): set HOST and PORT`)
  }
}

/** An upgrade that is not the gateway's, such as HTTP/2's, is an ordinary request whose `Upgrade` header means nothing. */
function isForGateway(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket' && ownerOf(request) === 'realtime-gateway'
}

function ownerOf(request: IncomingMessage): ReturnType<typeof serviceFor> {
  return serviceFor(request.url?.split('?', 1)[0] ?? '')
}
