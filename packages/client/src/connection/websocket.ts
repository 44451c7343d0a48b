import type { ServerFrames } from '@parley/contracts'
import { NetworkError } from '../errors.ts'
import type { Clock } from './connection.ts'
import type { OutgoingFrame, Transport, TransportEvents, WireFrame } from './transport.ts'

export interface WebSocketSetup {
  /** `wss://…/ws/`, with a ticket where there is no cookie. */
  address: string
  WebSocket: typeof WebSocket
  clock: Clock
}

const WELCOME_MS = 10_000
/** What answers a probe, where anything does. */
const PROBE_MS = 10_000
/** Nobody's conversation: a cheap question that is always answered. */
const NOWHERE = '00000000-0000-0000-0000-000000000000'

/** `parley.v1` over a WebSocket; open once the server has said `welcome`. */
export async function openWebSocket(
  setup: WebSocketSetup,
  events: TransportEvents,
  signal: AbortSignal
): Promise<Transport> {
  const { promise, resolve, reject } = Promise.withResolvers<Transport>()
  const socket = new setup.WebSocket(setup.address, 'parley.v1')
  const pulse = new Pulse(socket, setup.clock)
  let transport: Transport | undefined
  const give = (reason: string) => {
    reject(new NetworkError(reason))
    socket.close()
  }
  const onAbort = () => give('given up')
  const timer = setup.clock.setTimeout(() => give('no welcome'), WELCOME_MS)
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort)
  void promise
    .catch(() => undefined)
    .then(() => {
      setup.clock.clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    })

  socket.addEventListener('message', ({ data }) => {
    const frame = JSON.parse(String(data)) as WireFrame
    pulse.heard()
    if (frame.type === 'welcome' && !transport) {
      const { user, heartbeat_ms } = frame as unknown as ServerFrames['welcome']
      pulse.start(heartbeat_ms)
      transport = wrap(socket, user, pulse)
      resolve(transport)
    }
    if (transport) events.frame(frame)
  })
  pulse.onDead = () => gone(1006)
  socket.addEventListener('close', ({ code }) => gone(code))
  // A network error is followed by 'close'.
  socket.addEventListener('error', () => undefined)

  function gone(code: number): void {
    reject(new NetworkError(`the socket was closed with ${code}`))
    pulse.stop()
    if (!transport) return
    transport = undefined
    socket.close()
    events.closed(code)
  }
  return promise
}

function wrap(socket: WebSocket, user: ServerFrames['welcome']['user'], pulse: Pulse): Transport {
  return {
    kind: 'websocket',
    duplex: true,
    user,
    send: (frame: OutgoingFrame) => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame))
    },
    probe: () => pulse.probe(),
    close: () => {
      pulse.stop()
      socket.close(1000)
    }
  }
}

/** Pings are not seen by scripts: after a heartbeat of silence a question is asked, and a socket that does not answer is dead. */
class Pulse {
  onDead: () => void = () => undefined
  readonly #socket: WebSocket
  readonly #clock: WebSocketSetup['clock']
  #heartbeat_ms = 0
  #timer: unknown
  #waiting = false

  constructor(socket: WebSocket, clock: WebSocketSetup['clock']) {
    this.#socket = socket
    this.#clock = clock
  }

  start(heartbeat_ms: number): void {
    this.#heartbeat_ms = heartbeat_ms
    this.heard()
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer)
    this.#heartbeat_ms = 0
  }

  heard(): void {
    if (this.#heartbeat_ms === 0) return
    this.#waiting = false
    this.#clock.clearTimeout(this.#timer)
    this.#timer = this.#clock.setTimeout(() => this.probe(), this.#heartbeat_ms)
  }

  probe(): void {
    if (this.#waiting || this.#heartbeat_ms === 0 || this.#socket.readyState !== this.#socket.OPEN) return
    this.#waiting = true
    this.#clock.clearTimeout(this.#timer)
    this.#socket.send(JSON.stringify({ type: 'unsubscribe', conversation_id: NOWHERE, ref: 'probe' }))
    this.#timer = this.#clock.setTimeout(() => this.onDead(), PROBE_MS)
  }
}
