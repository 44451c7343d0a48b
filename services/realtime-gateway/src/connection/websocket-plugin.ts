import type { IncomingMessage } from 'node:http'
import websocket, { type WebsocketPluginOptions } from '@fastify/websocket'
import { limits } from '@parley/contracts'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ClientSocket } from './client-socket.ts'

/** The one subprotocol that is understood. */
export const SUBPROTOCOL = 'parley.v1'

interface WebsocketOptions {
  /** How long a peer may take to answer a close frame, in milliseconds. */
  close_ms: number
}

/**
 * ws as the gateway wants it: bounded frames, no compression, no subprotocol chosen that was not meant, no list of clients of its
 * own. Sockets are {@link ClientSocket}s. Closing them is the drain's business.
 */
export const websocketPlugin = fp<WebsocketOptions>(
  async (app: FastifyInstance, { close_ms }) => {
    const options = {
      // Its type also has what ws puts on its own class only: servers, streams.
      WebSocket: ClientSocket as unknown as NonNullable<
        NonNullable<WebsocketPluginOptions['options']>['WebSocket']
      >,
      maxPayload: limits.frame_bytes,
      maxFragments: limits.frame_fragments,
      maxBufferedChunks: limits.frame_chunks,
      perMessageDeflate: false,
      clientTracking: false,
      closeTimeout: close_ms,
      handleProtocols: chooseProtocol
    } as const
    await app.register(websocket, {
      options,
      errorHandler: (error, socket, request) => {
        request.log.error({ err: error, req: request }, 'socket not opened')
        socket.terminate()
      },
      preClose: (done) => done()
    })
  },
  { name: 'websocket' }
)

/** ws by itself would choose whatever comes first. `/ws/notifications/` has a dialect of its own. */
function chooseProtocol(offered: Set<string>, { url = '' }: IncomingMessage): string | false {
  return offered.has(SUBPROTOCOL) && !url.startsWith('/ws/notifications') ? SUBPROTOCOL : false
}

/** Whether the client asked for the subprotocol. */
export function offersSubprotocol(header: string | undefined): boolean {
  return (header ?? '').split(',').some((name) => name.trim() === SUBPROTOCOL)
}
