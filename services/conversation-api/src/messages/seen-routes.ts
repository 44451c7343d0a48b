import { limits, PageQuery, SeenPage } from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { listSeen } from './seen-store.ts'

/** Below `/conversations/{conversation_id}`. */
export async function seenRoutes(app: ServiceInstance): Promise<void> {
  app.get(
    '/messages/:message_id/seen',
    {
      schema: {
        operationId: 'listSeen',
        summary: 'Members who have read as far as this message',
        tags: ['messages'],
        params: Type.Object({ conversation_id: Type.String(), message_id: Type.String() }),
        querystring: PageQuery,
        response: { 200: SeenPage }
      }
    },
    ({ params, query: { limit = limits.page, cursor }, session }) =>
      listSeen(app.db, { ...params, user_id: session.user.id }, { limit, cursor })
  )
}
