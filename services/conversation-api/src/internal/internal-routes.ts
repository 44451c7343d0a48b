import { createHash, timingSafeEqual } from 'node:crypto'
import {
  type Command,
  type ConversationApi,
  encodeRoomPages,
  InternalBodies,
  type NotifierApi,
  internalPaths,
  internalSecretHeader,
  onlySendsHeader,
  ProblemError
} from '@parley/contracts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { MessageWriter } from '../messages/message-writer.ts'
import { notifierRoutes } from './notifier-routes.ts'

/** A gateway's beat names everything it has open. */
const BODY_LIMIT = 32 * 1024 * 1024

interface InternalServices {
  api: ConversationApi
  notifier: NotifierApi
  writer: Pick<MessageWriter, 'full'>
  secret: string
}

/** The port over HTTP, for gateways and notifiers in other processes, who show the shared secret. */
export async function internalRoutes(
  app: FastifyInstance,
  { api, notifier, writer, secret }: InternalServices
): Promise<void> {
  const expected = digest(secret)
  app.addHook('onRequest', async (request) => {
    const shown = request.headers[internalSecretHeader]
    if (typeof shown !== 'string' || !timingSafeEqual(digest(shown), expected)) {
      throw new ProblemError('unauthenticated')
    }
  })

  await app.register(notifierRoutes, { notifier })

  post('authenticate', async (body) => ({ authenticated: await api.authenticate(body) }))
  // Under overload to refuse must cost less than to serve: at twice the peak 84 % of it were done, and 76 % when each send was read first.
  post(
    'execute',
    (commands) => api.execute(commands as Command[]),
    async ({ headers }) => {
      if (writer.full && headers[onlySendsHeader] !== undefined)
        throw new ProblemError('overloaded', { retry_after_ms: 1_000 })
    }
  )
  post('roomsOf', ({ user_id }) => api.roomsOf(user_id))
  post('beat', (report) => api.beat(report))
  post('presence', (report) => api.presence(report))
  app.post<{ Body: InternalBodies['readRooms'] }>(
    internalPaths.readRooms,
    { schema: { body: InternalBodies.readRooms }, bodyLimit: BODY_LIMIT },
    async (request, reply) =>
      reply.type('application/octet-stream').send(encodeRoomPages(await api.readRooms(request.body)))
  )

  function post<K extends Exclude<keyof typeof internalPaths, 'readRooms'>>(
    name: K,
    answer: (body: InternalBodies[K]) => Promise<unknown>,
    onRequest?: (request: FastifyRequest) => Promise<void>
  ) {
    app.post<{ Body: InternalBodies[K] }>(
      internalPaths[name],
      { schema: { body: InternalBodies[name] }, bodyLimit: BODY_LIMIT, ...(onRequest && { onRequest }) },
      (request) => answer(request.body as InternalBodies[K])
    )
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
