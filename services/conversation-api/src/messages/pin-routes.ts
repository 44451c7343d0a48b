import { Id, limits, Message, MessageList, PageQuery } from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { answerChanged } from './message-routes.ts'
import { pinMessage } from './pin-message.ts'
import { listPins } from './pin-store.ts'

const InConversation = Type.Object({ conversation_id: Id })
const OnMessage = Type.Object({ conversation_id: Id, message_id: Id })
const tags = ['messages']

/** Pinned messages, below `/conversations/{conversation_id}`; for signed-in callers only. */
export async function pinRoutes(app: ServiceInstance): Promise<void> {
  app.get(
    '/pins',
    {
      schema: {
        operationId: 'listPins',
        summary: 'The pinned messages, the latest pin first',
        tags,
        params: InConversation,
        querystring: PageQuery,
        response: { 200: MessageList }
      }
    },
    ({ params, query: { limit = limits.page, cursor }, session }) =>
      listPins(app.db, { ...params, user_id: session.user.id, limit, cursor })
  )

  app.put(
    '/messages/:message_id/pin',
    {
      schema: {
        operationId: 'pinMessage',
        summary: `Pin a message; at most ${limits.pins_per_conversation} in a conversation`,
        tags,
        params: OnMessage,
        response: { 200: Message, 204: Type.Null() }
      }
    },
    async ({ params, session, idempotencyKey: key }, reply) => {
      const pinned = await pinMessage(app, { ...params, user_id: session.user.id, on: true, key })
      return answerChanged(reply, pinned)
    }
  )

  app.delete(
    '/messages/:message_id/pin',
    {
      schema: {
        operationId: 'unpinMessage',
        summary: 'Take the pin out of a message',
        tags,
        params: OnMessage,
        response: { 204: Type.Null() }
      }
    },
    async ({ params, session, idempotencyKey: key }, reply) => {
      const { replay } = await pinMessage(app, { ...params, user_id: session.user.id, on: false, key })
      return reply.code(204).replayed(replay).send(null)
    }
  )
}
