import { ChangePage, ChangeQuery, limits, ProblemError } from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { readRoom } from './change-feed.ts'

/** The change feed of a conversation, below `/conversations/{conversation_id}`; for signed-in callers only. */
export async function changeRoutes(app: ServiceInstance): Promise<void> {
  app.get(
    '/changes',
    {
      schema: {
        operationId: 'listChanges',
        summary: 'Everything that changed after `since`, compacted, as parley.v1 frames',
        tags: ['changes'],
        params: Type.Object({ conversation_id: Type.String() }),
        querystring: ChangeQuery,
        response: { 200: ChangePage }
      }
    },
    async ({ params, query, session }, reply) => {
      const { since = 0, limit = limits.changes_page } = query
      const me = session.user.id
      const page = await readRoom(app.pool, { ...params, since, limit, users: [me] })
      if (!page.members[me]) throw new ProblemError('not_found')
      if (since > page.head) throw new ProblemError('cursor_ahead', { head: page.head })
      // The frames are finished JSON: they are joined, not parsed and written again.
      const items = page.events.map(({ frame }) => frame.toString()).join()
      return reply
        .type('application/json; charset=utf-8')
        .send(`{"items":[${items}],"head":${page.head},"next_since":${page.next_since}}` as never)
    }
  )
}
