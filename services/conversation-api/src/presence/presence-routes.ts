import { Id, limits, PageQuery, Presence, PresencePage } from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { findPresence, listPresence } from './visible-presence-store.ts'

const tags = ['presence']

/** Who is here; for signed-in callers only. */
export async function presenceRoutes(app: ServiceInstance): Promise<void> {
  app.get(
    '/users/:user_id/presence',
    {
      schema: {
        operationId: 'getPresence',
        summary: 'Whether someone I share a conversation with is here, or when they were last',
        tags,
        params: Type.Object({ user_id: Id }),
        response: { 200: Presence }
      }
    },
    ({ params, session }) => findPresence(app.db, session.user.id, params.user_id)
  )
}

/** Below `/conversations/{conversation_id}`. */
export async function memberPresenceRoutes(app: ServiceInstance): Promise<void> {
  app.get(
    '/presence',
    {
      schema: {
        operationId: 'listPresence',
        summary: 'Members who are online or away',
        tags,
        params: Type.Object({ conversation_id: Type.String() }),
        querystring: PageQuery,
        response: { 200: PresencePage }
      }
    },
    ({ params, query: { limit = limits.page, cursor }, session }) =>
      listPresence(app.db, { ...params, user_id: session.user.id }, { limit, cursor })
  )
}
