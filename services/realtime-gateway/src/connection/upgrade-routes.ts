import { ProblemError } from '@parley/contracts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import { type Admission, type AdmissionServices, admit } from './admission.ts'
import { ClientSocket } from './client-socket.ts'
import type { Scope } from './connection.ts'
import { tcpSocketOf } from './frame-writer.ts'
import { offersSubprotocol, SUBPROTOCOL } from './websocket-plugin.ts'

declare module 'fastify' {
  interface FastifyRequest {
    admission: { granted: Admission; response: FastifyReply['raw'] } | null
  }
}

export interface UpgradeOptions extends AdmissionServices {
  onRefused: (error: unknown) => void
  /** A socket is open. It must be given its listeners before this returns: frames may have come with the handshake. */
  onOpen: (socket: ClientSocket, admission: Admission, speaks_v1: boolean) => void
}

/** The three addresses. Whatever is refused is refused before the upgrade, as an ordinary HTTP answer. */
export async function upgradeRoutes(app: FastifyInstance, options: UpgradeOptions): Promise<void> {
  app.decorateRequest('admission', null)

  const route = (url: string, scopeOf: (request: FastifyRequest) => Scope, v1_only = false) =>
    app.route({
      method: 'GET',
      url,
      schema: { hide: true },
      onRequest: async (request, reply) => {
        try {
          if (!request.ws) throw refusePlain(reply)
          if (app.draining) throw new ProblemError('unavailable', { retry_after_ms: 1_000 })
          if (v1_only && !offersSubprotocol(request.headers['sec-websocket-protocol']))
            throw new ProblemError('subprotocol_required')
          const query = request.query as Record<string, unknown>
          const granted = await admit(options, { headers: request.headers, query }, scopeOf(request))
          request.admission = { granted, response: reply.raw }
        } catch (error) {
          options.onRefused(error)
          throw error
        }
      },
      // Never reached: the hook has answered.
      handler: async (_request, reply) => refusePlain(reply),
      wsHandler: (socket, request) => open(socket, request)
    })

  function open(socket: WebSocket, request: FastifyRequest): void {
    const { admission } = request
    if (!(socket instanceof ClientSocket) || !admission) return socket.terminate()
    letGo(socket, request, admission.response)
    options.onOpen(socket, admission.granted, socket.protocol === SUBPROTOCOL)
  }

  route('/ws/chat/:conversation_id', (request) => ({
    kind: 'room',
    conversation_id: (request.params as { conversation_id: string }).conversation_id
  }))
  route('/ws/notifications', () => ({ kind: 'notifications' }))
  route('/ws', () => ({ kind: 'all' }), true)
}

function refusePlain(reply: FastifyReply): ProblemError {
  reply.header('upgrade', 'websocket')
  return new ProblemError('upgrade_required')
}

/** A socket lives for hours: the request and reply it began with must not live as long. */
function letGo(socket: ClientSocket, request: FastifyRequest, response: FastifyReply['raw']): void {
  request.admission = null
  const tcp = tcpSocketOf(socket)
  if (tcp) response.detachSocket(tcp)
  // @fastify/websocket's error listener holds on to both; the connection brings its own.
  socket.removeAllListeners('error')
}
