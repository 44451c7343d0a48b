import { encodeControl, Inbox, InboxRead, limits, PageQuery, userSubject } from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { headFor } from '../messages/message-store.ts'
import { oncePerKey } from '../requests/once-per-key.ts'
import { readInbox, readToHead } from './inbox-store.ts'

const tags = ['notifications']

/** My inbox; for signed-in callers only. */
export async function inboxRoutes(app: ServiceInstance): Promise<void> {
  app.get(
    '/notifications',
    {
      schema: {
        operationId: 'readInbox',
        summary: 'New and deleted messages of others, the newest first, and unread totals',
        tags,
        querystring: PageQuery,
        response: { 200: Inbox }
      }
    },
    ({ query: { limit = limits.page, cursor }, session }) =>
      readInbox(app.db, session.user.id, { limit, cursor })
  )

  app.post(
    '/notifications/read',
    {
      schema: {
        operationId: 'markInboxRead',
        summary: 'Mark one conversation, or all of them, read up to the head',
        tags,
        body: InboxRead,
        response: { 204: Type.Null() }
      },
      preValidation: async (request) => {
        if (request.body === undefined) request.body = {}
      }
    },
    async ({ body, session, idempotencyKey: key }, reply) => {
      const user_id = session.user.id
      const { conversation_id } = body
      const { result, replay } = await oncePerKey(
        app.db,
        { user_id, key, route: 'read inbox', body },
        async (tx) => {
          if (conversation_id !== undefined) await headFor(tx, user_id, conversation_id)
          return readToHead(tx, user_id, conversation_id)
        }
      )
      for (const moved of replay ? [] : result) {
        app.bus.publish(userSubject(user_id), encodeControl({ type: 'read', ...moved }))
      }
      return reply.code(204).replayed(replay).send(null)
    }
  )
}
