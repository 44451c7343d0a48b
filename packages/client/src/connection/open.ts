import { NetworkError, UnauthenticatedError } from '../errors.ts'
import type { FallbackSetup } from '../fallback/fallback-transport.ts'
import type { Rest } from '../rest/rest.ts'
import type { Clock } from './connection.ts'
import type { OpenTransport, Opening, Transport, TransportEvents, TransportKind } from './transport.ts'
import { openWebSocket } from './websocket.ts'

export interface OpenSetup {
  url: string
  rest: Rest
  WebSocket: typeof WebSocket
  clock: Clock
  request: FallbackSetup['request']
  /** A token is used, not a cookie: sockets take a ticket. */
  tickets: boolean
  transports: readonly TransportKind[]
  /** While another transport is used: WebSockets may be possible again. */
  improve(): void
}

/** So many sockets have to fail in a row, with a server that answers, before they count as blocked. */
const BLOCKED_AT = 2

/**
 * A WebSocket; where they do not get through, an event stream or long-polling, and from time to time a WebSocket again.
 */
export function createOpen(setup: OpenSetup): OpenTransport {
  const { transports } = setup
  const others = { streams: transports.includes('event-stream'), polls: transports.includes('long-poll') }
  const hasOther = others.streams || others.polls
  const hasSocket = transports.includes('websocket')
  let blocked = hasSocket ? 0 : BLOCKED_AT

  async function socket(events: TransportEvents, opening: Opening): Promise<Transport> {
    const transport = await openSocket(setup, events, opening.signal)
    blocked = 0
    return transport
  }

  async function other(events: TransportEvents, { signal }: Opening): Promise<Transport> {
    const { user } = await setup.rest('GET auth/me/', {}, { signal })
    try {
      // Few need it: bundlers make it a file of its own.
      const { openFallback } = await import('../fallback/open-fallback.ts')
      const improve = hasSocket ? setup.improve : undefined
      return await openFallback({ ...setup, user, improve }, others, events, signal)
    } catch (error) {
      // That way is no better: the next attempt begins with a socket again.
      if (hasSocket) blocked = 0
      throw error
    }
  }

  return async (events, opening) => {
    const onOther = opening.current === 'event-stream' || opening.current === 'long-poll'
    if (hasSocket && (blocked < BLOCKED_AT || onOther)) {
      try {
        return await socket(events, opening)
      } catch (error) {
        if (error instanceof UnauthenticatedError || opening.signal.aborted) throw error
        await setup.rest('GET auth/me/', {}, { signal: opening.signal })
        blocked++
        if (!hasOther || onOther || blocked < BLOCKED_AT) throw error
      }
    }
    return other(events, opening)
  }
}

async function openSocket(
  setup: OpenSetup,
  events: TransportEvents,
  signal: AbortSignal
): Promise<Transport> {
  const { url, rest, tickets } = setup
  const query = tickets ? `?ticket=${(await rest('POST auth/ticket/', {}, { signal })).ticket}` : ''
  const address = `${url.replace(/^http/, 'ws')}/ws/${query}`
  try {
    return await openWebSocket({ ...setup, address }, events, signal)
  } catch (error) {
    throw error instanceof NetworkError ? error : new NetworkError('no socket', error)
  }
}
