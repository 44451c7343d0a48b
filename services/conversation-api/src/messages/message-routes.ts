import {
  Emoji,
  limits,
  Message as MessageSchema,
  MessageEdit,
  MessagePage,
  MessageVersionPage,
  MessageQuery,
  NewForward,
  NewMessage,
  PageQuery,
  ProblemError,
  ReadPosition,
  ReadState
} from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import type { FastifyReply } from 'fastify'
import { reactToMessage } from '../reactions/react.ts'
import { listVersions } from './edit-history-store.ts'
import { forwardMessage } from './forward-message.ts'
import { type Changed, deleteMessage, editMessage } from './message-mutations.ts'
import { findMessage, listMessages } from './message-store.ts'
import { textOf } from './text-of.ts'
import { markRead } from './read-position.ts'
import { sendMessage } from './send-message.ts'

const InConversation = Type.Object({ conversation_id: Type.String() })
const OnMessage = Type.Object({ conversation_id: Type.String(), message_id: Type.String() })
const OnReaction = Type.Object({ ...OnMessage.properties, emoji: Emoji })
const tags = ['messages']

/** Messages of a conversation, below `/conversations/{conversation_id}`; for signed-in callers only. */
export async function messageRoutes(app: ServiceInstance): Promise<void> {
  app.get(
    '/messages',
    {
      schema: {
        operationId: 'listMessages',
        summary: 'History, ascending by seq; the newest without `before` or `after`',
        tags,
        params: InConversation,
        querystring: MessageQuery,
        response: { 200: MessagePage }
      }
    },
    async ({ params, query, session }) => {
      const { before, after, limit = limits.page } = query
      const on = { user_id: session.user.id, conversation_id: params.conversation_id }
      const { items, head, has_more } = await listMessages(app.db, { ...on, before, after, limit })
      const edge = after !== undefined && before === undefined ? items.at(-1) : items[0]
      return { items, head, next_cursor: has_more && edge ? String(edge.seq) : null }
    }
  )

  app.post(
    '/messages',
    {
      schema: {
        operationId: 'sendMessage',
        summary: 'Send; a retry with the same client_id or Idempotency-Key finds the message it sent',
        tags,
        params: InConversation,
        body: NewMessage,
        response: { 200: MessageSchema, 201: MessageSchema }
      }
    },
    async ({ params, body, session, idempotencyKey }, reply) => {
      app.takeSendToken(session.user.id)
      const client_id = oneKey(body.client_id, idempotencyKey)
      const send = {
        ...body,
        body: textOf(body),
        client_id,
        user: session.user,
        conversation_id: params.conversation_id
      }
      const { message, replay } = await sendMessage(app, send)
      return reply
        .code(replay ? 200 : 201)
        .replayed(replay)
        .send(message)
    }
  )

  app.post(
    '/forwards',
    {
      schema: {
        operationId: 'forwardMessage',
        summary: 'Send a copy of a message of this or another of my conversations',
        tags,
        params: InConversation,
        body: NewForward,
        response: { 200: MessageSchema, 201: MessageSchema }
      }
    },
    async ({ params, body: { from, client_id }, session: { user }, idempotencyKey }, reply) => {
      app.takeSendToken(user.id)
      const key = oneKey(client_id, idempotencyKey)
      const { message, replay } = await forwardMessage(app, { ...params, user, from, client_id: key })
      return reply
        .code(replay ? 200 : 201)
        .replayed(replay)
        .send(message)
    }
  )

  app.get(
    '/messages/:message_id',
    {
      schema: {
        operationId: 'getMessage',
        tags,
        params: OnMessage,
        response: { 200: MessageSchema }
      }
    },
    ({ params, session }) => findMessage(app.db, { ...params, user_id: session.user.id })
  )

  app.patch(
    '/messages/:message_id',
    {
      schema: {
        operationId: 'editMessage',
        summary: "Edit one's own message",
        tags,
        params: OnMessage,
        body: MessageEdit,
        response: { 200: MessageSchema, 204: Type.Null() }
      }
    },
    async ({ params, body, session, idempotencyKey: key }, reply) =>
      answerChanged(reply, await editMessage(app, { ...params, ...body, user_id: session.user.id, key }))
  )

  app.delete(
    '/messages/:message_id',
    {
      schema: {
        operationId: 'deleteMessage',
        summary: 'Leave a tombstone: the body is erased. Its author and admins may',
        tags,
        params: OnMessage,
        response: { 204: Type.Null() }
      }
    },
    async ({ params, session, idempotencyKey: key }, reply) => {
      const { replay } = await deleteMessage(app, { ...params, user_id: session.user.id, key })
      return reply.code(204).replayed(replay).send(null)
    }
  )

  app.get(
    '/messages/:message_id/edits',
    {
      schema: {
        operationId: 'listEdits',
        summary: 'What a message said before, the newest first; for owners and admins',
        tags,
        params: OnMessage,
        querystring: PageQuery,
        response: { 200: MessageVersionPage }
      }
    },
    ({ params, query: { limit = limits.page, cursor }, session }) =>
      listVersions(app.db, { ...params, user_id: session.user.id, limit, cursor })
  )

  for (const [method, on] of [
    ['PUT', true],
    ['DELETE', false]
  ] as const) {
    app.route({
      method,
      url: '/messages/:message_id/reactions/:emoji',
      schema: {
        operationId: on ? 'addReaction' : 'removeReaction',
        tags,
        params: OnReaction,
        response: { 200: MessageSchema, 204: Type.Null() }
      },
      async handler({ params, session, idempotencyKey: key }, reply) {
        const changed = await reactToMessage(app, { ...params, on, user_id: session.user.id, key })
        return on ? answerChanged(reply, changed) : reply.code(204).replayed(changed.replay).send(null)
      }
    })
  }

  app.post(
    '/read',
    {
      schema: {
        operationId: 'markRead',
        summary: 'My read position: moves forward only, on all my devices',
        tags,
        params: InConversation,
        body: ReadPosition,
        response: { 200: ReadState }
      }
    },
    ({ params, body, session }) => markRead(app, { ...params, ...body, user_id: session.user.id })
  )
}

/** Nothing of the message for who did it once and may not read it any more. */
export function answerChanged(reply: FastifyReply, { message, replay }: Changed) {
  return reply
    .code(message ? 200 : 204)
    .replayed(replay)
    .send(message ?? null)
}

/** `client_id` and `Idempotency-Key` are two names of one thing. */
function oneKey(client_id: string | undefined, key: string | undefined): string | undefined {
  if (client_id !== undefined && key !== undefined && client_id !== key) {
    throw new ProblemError('idempotency_key_mismatch')
  }
  return client_id ?? key
}
