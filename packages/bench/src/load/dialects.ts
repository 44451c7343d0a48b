import { randomBytes } from 'node:crypto'

/** What a text frame is to the load client. */
export const Kind = Object.freeze({ other: 0, message: 1, ack: 2, ready: 3, ping: 4, open: 5, error: 6 })
export type Kind = (typeof Kind)[keyof typeof Kind]

export interface LoadMember {
  room: string
  /** A session's token; only Parley asks for one. */
  token: string
  /** Resume from here. */
  since?: number
}

/** How one contender is spoken to. Frames are told apart by single bytes: nothing is parsed. */
export interface Dialect {
  /** The request line's path and further header lines. */
  request(member: LoadMember): { path: string; headers: readonly string[] }
  /** Ready to receive as soon as the upgrade is done. */
  readonly ready_at_upgrade: boolean
  kindOf(bytes: Buffer, start: number): Kind
  /** Answers an `open` frame. */
  hello?(member: LoadMember): string
  /** Answers a `ping` frame. */
  readonly pong?: string
  send(room: string, number: number, body: string): string
  /** Where the message's number starts in an `ack`; undefined where it acknowledges nothing. */
  readonly ack_prefix?: string
}

const letter = (text: string) => text.charCodeAt(0)
const [A, E, M, S, U, ZERO, TWO, THREE, FOUR, BRACE] = 'aemsu0234{'.split('').map(letter)
const PING = letter('2')

// A send is recognised by its client_id for ever, so no two load clients may give the same.
const client = randomBytes(4).toString('hex')

// `{"type":"` is 9 bytes.
const TYPE = 9

const parley: Dialect = {
  request: ({ room, token, since }) => ({
    path: `/ws/chat/${room}/${since === undefined ? '' : `?since=${since}`}`,
    headers: [`Authorization: Bearer ${token}`, 'Sec-WebSocket-Protocol: parley.v1']
  }),
  ready_at_upgrade: false,
  kindOf(bytes, start) {
    const first = bytes[start + TYPE]
    const third = bytes[start + TYPE + 2]
    if (first === M) return third === S ? Kind.message : Kind.other
    if (first === A) return Kind.ack
    if (first === S && bytes[start + TYPE + 1] === U) return Kind.ready
    return first === E ? Kind.error : Kind.other
  },
  send: (room, number, body) =>
    `{"type":"send","ref":${number},"conversation_id":"${room}","client_id":"${client}-${number}","body":"${body}"}`,
  ack_prefix: '"ref":'
}

/** Engine.IO 4 over a WebSocket: `0` opens, `40` joins the namespace, `42` is an event, `43` an acknowledgement, `2` a ping. */
const socketIo: Dialect = {
  request: () => ({ path: '/socket.io/?EIO=4&transport=websocket', headers: [] }),
  ready_at_upgrade: false,
  kindOf(bytes, start) {
    const first = bytes[start]
    if (first === PING) return Kind.ping
    if (first === ZERO) return Kind.open
    if (first !== FOUR) return Kind.other
    const second = bytes[start + 1]
    if (second === TWO) return Kind.message
    if (second === THREE) return Kind.ack
    return second === ZERO && bytes[start + 2] === BRACE ? Kind.ready : Kind.error
  },
  hello: ({ room }) => `40{"room":"${room}"}`,
  pong: '3',
  send: (_room, number, body) => `42${number}["message",{"body":"${body}"}]`,
  ack_prefix: '43'
}

const plain: Dialect = {
  request: ({ room }) => ({ path: `/${room}`, headers: [] }),
  ready_at_upgrade: true,
  kindOf: (bytes, start) => (bytes[start + TYPE] === A ? Kind.ack : Kind.message),
  send: (_room, number, body) => `{"ref":${number},"body":"${body}"}`,
  ack_prefix: '"ref":'
}

/** The consumer of the Channels tutorial, with the seeds' `body`. */
const channels: Dialect = {
  request: ({ room }) => ({ path: `/ws/chat/${room}/`, headers: [] }),
  ready_at_upgrade: true,
  kindOf: () => Kind.message,
  send: (_room, _number, body) => `{"body":"${body}"}`
}

export const dialects = { parley, 'socket.io': socketIo, plain, channels } as const
export type DialectName = keyof typeof dialects
