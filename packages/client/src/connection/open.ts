import { NetworkError, UnauthenticatedError } from '../errors.ts'
import type { Rest } from '../rest/rest.ts'
import type { Clock } from './connection.ts'
import type { OpenTransport } from './transport.ts'
import { openWebSocket } from './websocket.ts'

export interface OpenSetup {
  url: string
  rest: Rest
  WebSocket: typeof WebSocket
  clock: Clock
  /** A token is used, not a cookie: sockets take a ticket. */
  tickets: boolean
}

/** A WebSocket to all rooms. Scripts are not told why a socket was refused, so after a failure it is asked who one is. */
export function createOpen({ url, rest, WebSocket, clock, tickets }: OpenSetup): OpenTransport {
  return async (events, signal) => {
    const query = tickets ? `?ticket=${(await rest('POST auth/ticket/', {}, { signal })).ticket}` : ''
    const address = `${url.replace(/^http/, 'ws')}/ws/${query}`
    try {
      return await openWebSocket({ address, WebSocket, clock }, events, signal)
    } catch (error) {
      if (!tickets) await rest('GET auth/me/', {}, { signal }).catch(rethrowRefusal)
      throw error instanceof NetworkError ? error : new NetworkError('no socket', error)
    }
  }
}

function rethrowRefusal(error: unknown): void {
  if (error instanceof UnauthenticatedError) throw error
}
