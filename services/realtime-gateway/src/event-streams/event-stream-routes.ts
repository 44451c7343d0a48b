import type { OutgoingHttpHeaders } from 'node:http'
import {
  EventCursors,
  EventCursorsQuery,
  EventStreamQuery,
  type Id,
  ProblemError,
  type RoomPage
} from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Admission, type AdmissionServices, admit } from '../connection/admission.ts'
import type { Connection, Scope } from '../connection/connection.ts'
import type { Protocol } from '../connection/protocol.ts'
import type { Transport } from '../connection/transport.ts'
import { eventStreamProtocol } from '../protocols/event-stream.ts'
import { createLongPoll } from '../protocols/long-poll.ts'
import type { Subscription, Wish } from '../rooms/subscription.ts'
import { Poll } from './poll.ts'
import { ResponseTransport } from './response-transport.ts'

/** 10,000 cursors, generously. */
const BODY_LIMIT = 1024 * 1024

export interface EventStreamOptions extends AdmissionServices {
  accept: (transport: Transport, admission: Admission, protocol: Protocol) => Connection
  subscribe: (connection: Connection, conversation_id: Id, wish: Wish) => void
}

/** The frames of `parley.v1` for networks that block WebSockets: as an event stream, or by long-polling. */
export async function eventStreamRoutes(app: ServiceInstance, options: EventStreamOptions): Promise<void> {
  const { accept, subscribe } = options

  app.get(
    '/messaging/api/conversations/:conversation_id/events',
    { schema: { hide: true, querystring: EventStreamQuery } },
    async (request, reply) => {
      const { conversation_id } = request.params as { conversation_id: Id }
      const { since, wait } = request.query
      const cursor = request.headers['last-event-id'] ?? since?.toString()
      const query = { ...request.query, since: cursor }
      const scope: Scope = { kind: 'room', conversation_id }
      const rules = { ...options.rules, origin_optional: true }
      const admission = await admitted(request, query, scope, { ...options, rules })
      if (!wantsPage(request)) return stream(reply, admission)
      const poll = new Poll((wait ?? 0) * 1_000, 1)
      const { subscriptions, reason } = await answerOf(reply, poll, admission)
      const [subscription] = subscriptions
      if (!subscription) throw new ProblemError('not_found')
      for (const error of poll.errors.values()) throw error
      if (reason === 'not_a_member' && poll.waiting === 0) throw new ProblemError('not_found')
      const { cursor: next_since, room, whole_from } = subscription
      return answer(reply, poll, { head: Math.max(room.last, next_since, whole_from), next_since })
    }
  )

  app.post(
    '/messaging/api/events',
    { schema: { hide: true, querystring: EventCursorsQuery, body: EventCursors }, bodyLimit: BODY_LIMIT },
    async (request, reply) => {
      const { cursors } = request.body
      const { wait } = request.query
      const admission = await admitted(request, request.query, { kind: 'all' }, options)
      if (!wantsPage(request)) return stream(reply, admission, cursors)
      const poll = new Poll((wait ?? 0) * 1_000, Object.keys(cursors).length)
      const { subscriptions } = await answerOf(reply, poll, admission, cursors)
      const reached = subscriptions.map(({ room, cursor }) => [room.id, cursor] as const)
      const errors = [...poll.errors].map(([id, error]) => [id, error.toProblem()] as const)
      return answer(reply, poll, {
        cursors: Object.fromEntries(reached.filter(([id]) => !poll.errors.has(id))),
        complete: subscriptions.filter(({ answered }) => answered).map(({ room }) => room.id),
        errors: Object.fromEntries(errors)
      })
    }
  )

  async function admitted(
    { headers }: FastifyRequest,
    query: Record<string, unknown>,
    scope: Scope,
    services: AdmissionServices
  ): Promise<Admission> {
    if (app.draining) throw new ProblemError('unavailable', { retry_after_ms: 1_000 })
    return admit(services, { headers, query }, scope)
  }

  function stream(reply: FastifyReply, admission: Admission, cursors: Record<Id, number> = {}): FastifyReply {
    reply.hijack()
    // nginx would gather the events before it passes them on.
    const headers = {
      ...(reply.getHeaders() as OutgoingHttpHeaders),
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      // Nothing else travels on a connection that was a stream.
      connection: 'close'
    }
    const transport = new ResponseTransport(reply.raw.writeHead(200, headers))
    transport.connection = accept(transport, admission, eventStreamProtocol)
    subscribeAll(transport.connection, cursors)
    return reply
  }

  /** What the poll came to: its subscriptions stand where the answer ends. Throws when its session ended meanwhile. */
  async function answerOf(
    reply: FastifyReply,
    poll: Poll,
    admission: Admission,
    cursors: Record<Id, number> = {}
  ): Promise<{ subscriptions: Subscription[]; reason: string | undefined }> {
    const connection = accept(poll, admission, createLongPoll(poll))
    poll.connection = connection
    subscribeAll(connection, cursors)
    const subscriptions = connection.subscriptions.values()
    const leave = () => poll.finish()
    reply.raw.once('close', leave)
    const reason = await poll.over
    reply.raw.off('close', leave)
    connection.closed()
    if (reason === 'session_ended') throw new ProblemError('unauthenticated')
    return { subscriptions, reason }
  }

  function subscribeAll(connection: Connection, cursors: Record<Id, number>): void {
    for (const [id, since] of Object.entries(cursors)) subscribe(connection, id, { since })
  }
}

/** Throws `not_acceptable` where neither form would do. */
function wantsPage({ headers: { accept = '*/*' } }: FastifyRequest): boolean {
  const types = accept.split(',').map((type) => type.split(';', 1)[0]?.trim().toLowerCase())
  if (types.some((type) => type === 'text/event-stream' || type === 'text/*' || type === '*/*')) return false
  if (types.some((type) => type === 'application/json' || type === 'application/*')) return true
  throw new ProblemError('not_acceptable')
}

/** The frames are spliced in as they are. */
function answer(reply: FastifyReply, poll: Poll, rest: Partial<RoomPage> | object): FastifyReply {
  const tail = JSON.stringify(rest).slice(1)
  return reply
    .header('cache-control', 'no-store')
    .type('application/json')
    .send(`{"items":[${poll.items}],${tail}`)
}
