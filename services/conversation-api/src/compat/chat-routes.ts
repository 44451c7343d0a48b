import { Chat, ChatMessage, Id, limits, NewChat, NewChatMessage, Seq } from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { endSessions } from '../accounts/session-store.ts'
import { announceEnded } from '../accounts/sign-in.ts'
import { findConversation, listConversations } from '../conversations/conversation-store.ts'
import { createConversation } from '../conversations/create-conversation.ts'
import { deleteMessage } from '../messages/message-mutations.ts'
import { listMessages } from '../messages/message-store.ts'
import { sendMessage } from '../messages/send-message.ts'
import { toChat, toChatMessage } from './chat-view.ts'
import { participantsOf } from './participant-store.ts'

const MESSAGES = 100
/** This dialect has no pages: a list ends here, and shows no more participants of each chat. */
const CHATS = 1_000
const PARTICIPANTS = 100

const InChat = Type.Object({ conversation_id: Id })
const tags = ['second dialect']

/** Chats as the second seed's clients know them: the same conversations under other names; for signed-in callers only. */
export async function chatRoutes(app: ServiceInstance): Promise<void> {
  app.post(
    '/logout',
    {
      schema: { operationId: 'chatLogout', summary: 'End this session', tags, response: { 204: Type.Null() } }
    },
    async ({ session: { session_id, user } }, reply) => {
      announceEnded(app.bus, await endSessions(app.db, user.id, { only: session_id }))
      return reply.code(204).clearSessionCookie().send(null)
    }
  )

  app.get(
    '/chats',
    {
      schema: {
        operationId: 'listChats',
        summary: `My chats, the newest activity first, each with at most ${PARTICIPANTS} participants`,
        tags,
        response: { 200: Type.Array(Chat) }
      }
    },
    async ({ session }) => {
      const { items } = await listConversations(app.db, session.user.id, { limit: CHATS })
      const conversation_ids = items.map(({ id }) => id)
      const people = await participantsOf(app.db, session.user.id, { conversation_ids, limit: PARTICIPANTS })
      return items.map((conversation) => toChat(conversation, people.get(conversation.id) ?? []))
    }
  )

  app.post(
    '/chats',
    {
      schema: {
        operationId: 'createChat',
        summary: 'Start a chat; everything is optional',
        tags,
        body: NewChat,
        response: { 200: Chat, 201: Chat }
      },
      preValidation: async (request) => {
        if (request.body === undefined) request.body = {}
      }
    },
    async ({ body: { name, participants = [] }, session, idempotencyKey: key }, reply) => {
      const made = await createConversation(app, {
        user: session.user,
        conversation: { member_ids: participants, ...(name == null ? {} : { title: name }) },
        key
      })
      return reply
        .code(made.created ? 201 : 200)
        .replayed(made.replay)
        .send(toChat(made.conversation, await everyoneIn(made.conversation.id, session.user.id)))
    }
  )

  app.get(
    '/chats/:conversation_id',
    {
      schema: {
        operationId: 'getChat',
        summary: 'One of my chats',
        tags,
        params: InChat,
        response: { 200: Chat }
      }
    },
    async ({ params: { conversation_id }, session: { user } }) =>
      toChat(
        await findConversation(app.db, user.id, conversation_id),
        await everyoneIn(conversation_id, user.id)
      )
  )

  app.get(
    '/chats/:conversation_id/messages',
    {
      schema: {
        operationId: 'listChatMessages',
        summary: `The newest ${MESSAGES}, ascending; older ones before a seq`,
        tags,
        params: InChat,
        querystring: Type.Object({ before: Type.Optional(Seq) }),
        response: { 200: Type.Array(ChatMessage) }
      }
    },
    async ({ params, query: { before }, session }) => {
      const on = { ...params, user_id: session.user.id }
      const { items } = await listMessages(app.db, { ...on, before, limit: MESSAGES })
      return items.map(toChatMessage)
    }
  )

  app.post(
    '/chats/:conversation_id/send_message',
    {
      schema: {
        operationId: 'sendChatMessage',
        summary: 'Send',
        tags,
        params: InChat,
        body: NewChatMessage,
        response: { 200: ChatMessage, 201: ChatMessage }
      }
    },
    async ({ params, body, session: { user }, idempotencyKey: client_id }, reply) => {
      app.takeSendToken(user.id)
      const { message, replay } = await sendMessage(app, { ...params, user, body: body.content, client_id })
      return reply
        .code(replay ? 200 : 201)
        .replayed(replay)
        .send(toChatMessage(message))
    }
  )

  app.delete(
    '/chats/:conversation_id/messages/:message_id',
    {
      schema: {
        operationId: 'deleteChatMessage',
        summary: 'Leave a tombstone: the content is erased',
        tags,
        params: Type.Object({ conversation_id: Id, message_id: Id }),
        response: { 204: Type.Null() }
      }
    },
    async ({ params, session, idempotencyKey: key }, reply) => {
      const { replay } = await deleteMessage(app, { ...params, user_id: session.user.id, key })
      return reply.code(204).replayed(replay).send(null)
    }
  )

  async function everyoneIn(conversation_id: string, user_id: string) {
    const asked = { conversation_ids: [conversation_id], limit: limits.members_per_group }
    return (await participantsOf(app.db, user_id, asked)).get(conversation_id) ?? []
  }
}
