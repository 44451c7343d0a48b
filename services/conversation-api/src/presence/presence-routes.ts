import { Id, limits, PageQuery, Presence, PresencePage, PresenceSettings } from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { oncePerKey } from '../requests/once-per-key.ts'
import { findPresence, isHidden, listPresence, setHidden } from './visible-presence-store.ts'

const tags = ['presence']

/** Who is here, and whether I show that I am; for signed-in callers only. */
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

  app.get(
    '/presence',
    {
      schema: {
        operationId: 'getPresenceSettings',
        summary: 'Whether I hide my presence',
        tags,
        response: { 200: PresenceSettings }
      }
    },
    async ({ session }) => ({ hidden: await isHidden(app.db, session.user.id) })
  )

  app.put(
    '/presence',
    {
      schema: {
        operationId: 'setPresenceSettings',
        summary: 'Hide my presence from everyone, or show it again',
        tags,
        body: PresenceSettings,
        response: { 200: PresenceSettings }
      }
    },
    async ({ body, session, idempotencyKey: key }, reply) => {
      const user_id = session.user.id
      const mutation = { user_id, key, route: 'set presence', body }
      const { replay } = await oncePerKey(app.db, mutation, async (tx) => {
        await setHidden(tx, user_id, body.hidden)
        return body
      })
      return reply.replayed(replay).send({ hidden: await isHidden(app.db, user_id) })
    }
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
