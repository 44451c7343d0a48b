import { createHash, timingSafeEqual } from 'node:crypto'
import {
  type Command,
  type ConversationApi,
  encodeRoomPages,
  InternalBodies,
  type NotifierApi,
  internalPaths,
  internalSecretHeader,
  ProblemError
} from '@parley/contracts'
import type { FastifyInstance } from 'fastify'
import { notifierRoutes } from './notifier-routes.ts'

/** A gateway's beat names everything it has open. */
const BODY_LIMIT = 32 * 1024 * 1024

/** The port over HTTP, for gateways and notifiers in other processes, who show the shared secret. */
export async function internalRoutes(
  app: FastifyInstance,
  { api, notifier, secret }: { api: ConversationApi; notifier: NotifierApi; secret: string }
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
  post('execute', (commands) => api.execute(commands as Command[]))
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
    answer: (body: InternalBodies[K]) => Promise<unknown>
  ) {
    app.post<{ Body: InternalBodies[K] }>(
      internalPaths[name],
      { schema: { body: InternalBodies[name] }, bodyLimit: BODY_LIMIT },
      (request) => answer(request.body as InternalBodies[K])
    )
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
