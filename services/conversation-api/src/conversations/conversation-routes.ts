import {
  Conversation,
  ConversationEdit,
  ConversationPage,
  Id,
  limits,
  NewConversation,
  PageQuery,
  PublicConversationPage,
  PublicConversationQuery
} from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { deleteConversation, editConversation } from './conversation-mutations.ts'
import { findConversation, listConversations } from './conversation-store.ts'
import { createConversation } from './create-conversation.ts'
import { listPublicConversations } from './public-conversation-store.ts'

const InConversation = Type.Object({ conversation_id: Id })
const tags = ['conversations']

/** Conversations; for signed-in callers only. */
export async function conversationRoutes(app: ServiceInstance): Promise<void> {
  app.get(
    '/conversations',
    {
      schema: {
        operationId: 'listConversations',
        summary: 'My conversations, the newest activity first',
        tags,
        querystring: PageQuery,
        response: { 200: ConversationPage }
      }
    },
    ({ query: { limit = limits.page, cursor }, session }) =>
      listConversations(app.db, session.user.id, { limit, cursor })
  )

  app.post(
    '/conversations',
    {
      schema: {
        operationId: 'createConversation',
        summary: 'Without a body: a group of one. 200: the direct conversation that was there already',
        tags,
        body: NewConversation,
        response: { 200: Conversation, 201: Conversation }
      },
      preValidation: async (request) => {
        if (request.body === undefined) request.body = {}
      }
    },
    async ({ body, session, idempotencyKey: key }, reply) => {
      const made = await createConversation(app, { user: session.user, conversation: body, key })
      return reply
        .code(made.created ? 201 : 200)
        .replayed(made.replay)
        .send(made.conversation)
    }
  )

  app.get(
    '/conversations/public',
    {
      schema: {
        operationId: 'listPublicConversations',
        summary: 'Groups that anyone may join, the newest first',
        tags,
        querystring: PublicConversationQuery,
        response: { 200: PublicConversationPage }
      }
    },
    ({ query: { limit = limits.page, q, cursor }, session }) =>
      listPublicConversations(app.db, session.user.id, { limit, q, cursor })
  )

  app.get(
    '/conversations/:conversation_id',
    {
      schema: {
        operationId: 'getConversation',
        summary: 'One of my conversations',
        tags,
        params: InConversation,
        response: { 200: Conversation }
      }
    },
    ({ params, session }) => findConversation(app.db, session.user.id, params.conversation_id)
  )

  app.patch(
    '/conversations/:conversation_id',
    {
      schema: {
        operationId: 'editConversation',
        summary:
          'Change title or description, its owners and admins may; or whether it is public, its owners may',
        tags,
        params: InConversation,
        body: ConversationEdit,
        response: { 200: Conversation }
      }
    },
    async ({ params: { conversation_id }, body: edit, session, idempotencyKey: key }, reply) => {
      const user_id = session.user.id
      const { replay } = await editConversation(app, { conversation_id, user_id, edit, key })
      return reply.replayed(replay).send(await findConversation(app.db, user_id, conversation_id))
    }
  )

  app.delete(
    '/conversations/:conversation_id',
    {
      schema: {
        operationId: 'deleteConversation',
        summary: 'Delete a group for everyone; its owners may',
        tags,
        params: InConversation,
        response: { 204: Type.Null() }
      }
    },
    async ({ params, session, idempotencyKey: key }, reply) => {
      const { replay } = await deleteConversation(app, { ...params, user_id: session.user.id, key })
      return reply.code(204).replayed(replay).send(null)
    }
  )
}
