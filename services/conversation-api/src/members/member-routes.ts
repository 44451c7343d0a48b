import {
  Conversation,
  HandOver,
  Id,
  limits,
  Member,
  MemberEdit,
  MemberPage,
  NewMember,
  PageQuery
} from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { findConversation } from '../conversations/conversation-store.ts'
import { handOver } from './hand-over.ts'
import { joinConversation } from './join-conversation.ts'
import { addMember, changeRole, removeMember } from './member-mutations.ts'
import { listMembers, memberFor } from './member-store.ts'

const InConversation = Type.Object({ conversation_id: Id })
const OnMember = Type.Object({ conversation_id: Id, user_id: Id })
const tags = ['members']

/** Who is in a conversation, below `/conversations/{conversation_id}`; for signed-in callers only. */
export async function memberRoutes(app: ServiceInstance): Promise<void> {
  app.get(
    '/members',
    {
      schema: {
        operationId: 'listMembers',
        summary: 'The members, in the order in which they joined',
        tags,
        params: InConversation,
        querystring: PageQuery,
        response: { 200: MemberPage }
      }
    },
    ({ params, query: { limit = limits.page, cursor }, session }) =>
      listMembers(app.db, { ...params, user_id: session.user.id, limit, cursor })
  )

  app.post(
    '/members',
    {
      schema: {
        operationId: 'addMember',
        summary: 'Add someone; owners and admins may. 200: is a member already',
        tags,
        params: InConversation,
        body: NewMember,
        response: { 200: Member, 201: Member }
      }
    },
    async ({ params, body: { user_id, role }, session, idempotencyKey: key }, reply) => {
      const on = { ...params, caller_id: session.user.id, user_id, key }
      const { member, added, replay } = await addMember(app, { ...on, role })
      return reply
        .code(added ? 201 : 200)
        .replayed(replay)
        .send(member ?? (await memberFor(app.db, on)))
    }
  )

  app.post(
    '/join',
    {
      schema: {
        operationId: 'joinConversation',
        summary: 'Become a member of a public group. 200: I am one already',
        tags,
        params: InConversation,
        response: { 200: Conversation, 201: Conversation }
      }
    },
    async ({ params: { conversation_id }, session: { user }, idempotencyKey: key }, reply) => {
      const { joined, replay } = await joinConversation(app, { conversation_id, user_id: user.id, key })
      return reply
        .code(joined && !replay ? 201 : 200)
        .replayed(replay)
        .send(await findConversation(app.db, user.id, conversation_id))
    }
  )

  app.post(
    '/hand-over',
    {
      schema: {
        operationId: 'handOver',
        summary: 'Make another member an owner in my place; I stay as an admin. Owners may',
        tags,
        params: InConversation,
        body: HandOver,
        response: { 200: Member }
      }
    },
    async ({ params: { conversation_id }, body: { user_id }, session, idempotencyKey: key }, reply) => {
      const on = { conversation_id, caller_id: session.user.id, user_id, key }
      const { member, replay } = await handOver(app, on)
      return reply.replayed(replay).send(member ?? (await memberFor(app.db, on)))
    }
  )

  app.patch(
    '/members/:user_id',
    {
      schema: {
        operationId: 'changeRole',
        summary: 'Give a member another role; owners may',
        tags,
        params: OnMember,
        body: MemberEdit,
        response: { 200: Member }
      }
    },
    async ({ params, body, session, idempotencyKey: key }, reply) => {
      const on = { ...params, caller_id: session.user.id, key }
      const { member, replay } = await changeRole(app, { ...on, role: body.role })
      return reply.replayed(replay).send(member ?? (await memberFor(app.db, on)))
    }
  )

  app.delete(
    '/members/:user_id',
    {
      schema: {
        operationId: 'removeMember',
        summary: 'Remove a member, or leave',
        tags,
        params: OnMember,
        response: { 204: Type.Null() }
      }
    },
    async ({ params, session, idempotencyKey: key }, reply) => {
      const { replay } = await removeMember(app, { ...params, caller_id: session.user.id, key })
      return reply.code(204).replayed(replay).send(null)
    }
  )
}
