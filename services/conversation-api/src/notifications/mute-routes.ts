import { Mute, NewMute } from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { muteConversation, unmuteConversation } from './mute-mutations.ts'
import { findMute } from './mute-store.ts'

const tags = ['notifications']
const InConversation = Type.Object({ conversation_id: Type.String() })

/** Below `/conversations/{conversation_id}`. */
export async function muteRoutes(app: ServiceInstance): Promise<void> {
  app.put(
    '/mute',
    {
      schema: {
        operationId: 'mute',
        summary: 'Be notified of nothing here, or of mentions only; for a time, or until taken back',
        tags,
        params: InConversation,
        body: NewMute,
        response: { 200: Mute }
      },
      preValidation: async (request) => {
        if (request.body === undefined) request.body = {}
      }
    },
    async ({ body, params, session, idempotencyKey: key }, reply) => {
      const on = { ...params, user_id: session.user.id }
      const { mute, replay } = await muteConversation(app, { ...on, mute: body, key })
      const now = replay ? await findMute(app.db, on) : undefined
      return reply.replayed(replay).send(now ?? mute)
    }
  )

  app.delete(
    '/mute',
    {
      schema: {
        operationId: 'unmute',
        summary: 'Be notified again',
        tags,
        params: InConversation,
        response: { 204: Type.Null() }
      }
    },
    async ({ params, session, idempotencyKey: key }, reply) => {
      const { replay } = await unmuteConversation(app, { ...params, user_id: session.user.id, key })
      return reply.code(204).replayed(replay).send(null)
    }
  )
}
