import { type Static, Type } from '@sinclair/typebox'
import { limits } from '../common/limits.ts'
import { Id, Nullable, Seq } from '../common/scalars.ts'
import { type DurableEvent, decodeEvent, encodeEvent } from '../events/event.ts'
import { clientFrames } from '../realtime/client-frames.ts'
import { PresenceStatus } from '../rest/presence.ts'
import { User } from '../rest/users.ts'
import { commandTypes, type RoomPage } from './conversation-api-port.ts'

/** Where each call of the port lives on the api's internal listener. All are POST. */
export const internalPaths = Object.freeze({
  authenticate: '/internal/authenticate',
  execute: '/internal/execute',
  readRooms: '/internal/read-rooms',
  roomsOf: '/internal/rooms-of',
  beat: '/internal/beat',
  presence: '/internal/presence'
})

/** Carries the secret that gateways and apis share. */
export const internalSecretHeader = 'x-parley-internal'

/** Shown by an `execute` that carries nothing but sends: an api with no room for more refuses it before it reads the body. */
export const onlySendsHeader = 'x-parley-sends'

/** Commands of one HTTP request. A gateway with more sends them in the next. */
export const commandsPerRequest = 256

const send = Type.Object({
  ...Type.Omit(clientFrames.send, ['client_id', 'ref']).properties,
  client_id: Type.Optional(clientFrames.send.properties.client_id)
})

export const InternalBodies = {
  authenticate: Type.Union([
    Type.Object({ kind: Type.Literal('session'), token: Type.String({ maxLength: 200 }) }),
    Type.Object({ kind: Type.Literal('ticket'), ticket: Type.String({ maxLength: 200 }) })
  ]),
  execute: Type.Array(
    Type.Object({
      user: User,
      session_id: Id,
      trace: Type.Optional(Type.String({ maxLength: 64 })),
      frame: Type.Union(commandTypes.map((type) => (type === 'send' ? send : clientFrames[type])))
    }),
    { maxItems: commandsPerRequest }
  ),
  readRooms: Type.Array(
    Type.Object({
      conversation_id: Id,
      since: Nullable(Seq),
      limit: Type.Integer({ minimum: 1, maximum: limits.changes_page_max }),
      users: Type.Array(Id)
    })
  ),
  roomsOf: Type.Object({ user_id: Id }),
  beat: Type.Object({
    rooms: Type.Record(Id, Seq, { additionalProperties: false }),
    sessions: Type.Array(Id),
    users: Type.Record(Id, Type.Integer(), { additionalProperties: false })
  }),
  presence: Type.Object({
    gateway_id: Id,
    report: Type.Integer(),
    full: Type.Boolean(),
    users: Type.Record(Id, PresenceStatus, { additionalProperties: false }),
    since: Nullable(Seq)
  })
}
export type InternalBodies = { [K in keyof typeof InternalBodies]: Static<(typeof InternalBodies)[K]> }

/**
 * Room pages as bytes: a JSON line per page (`events` replaced by their count), then each event as its length in bytes, a line
 * feed and {@link encodeEvent}'s bytes. The frames are copied, never parsed.
 */
export function encodeRoomPages(pages: RoomPage[]): Buffer {
  return Buffer.concat(
    pages.flatMap(({ events, ...page }) => [
      Buffer.from(`${JSON.stringify({ ...page, events: events.length })}\n`),
      ...events.flatMap((event) => {
        const bytes = encodeEvent(event)
        return [Buffer.from(`${bytes.length}\n`), bytes]
      })
    ])
  )
}

/** Reads {@link encodeRoomPages}. Throws on anything else: the two services do not agree. */
export function decodeRoomPages(bytes: Buffer): RoomPage[] {
  const pages: RoomPage[] = []
  let at = 0
  const line = () => {
    const end = bytes.indexOf(10, at)
    if (end < 0) throw new Error('room pages end early')
    const text = bytes.toString('utf8', at, end)
    at = end + 1
    return text
  }
  while (at < bytes.length) {
    const { events: count, ...page } = JSON.parse(line()) as Omit<RoomPage, 'events'> & { events: number }
    const events: DurableEvent[] = []
    for (let n = 0; n < count; n++) {
      const length = Number(line())
      const event = decodeEvent(bytes.subarray(at, at + length))
      if (!event) throw new Error('room pages hold an unreadable event')
      at += length
      events.push(event)
    }
    pages.push({ ...page, events })
  }
  return pages
}
