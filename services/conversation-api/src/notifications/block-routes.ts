import { BlockPage, limits, OnUser, PageQuery, ProblemError, User } from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { oncePerKey } from '../requests/once-per-key.ts'
import { announceRooms } from '../users/rooms-changed.ts'
import { bumpRoomsVersions, findUser, type RoomsVersion } from '../users/user-store.ts'
import { deleteBlock, insertBlock, listBlocks } from './block-store.ts'

const tags = ['notifications']

/** People I want to hear nothing of; for signed-in callers only. */
export async function blockRoutes(app: ServiceInstance): Promise<void> {
  app.get(
    '/blocks',
    {
      schema: {
        operationId: 'listBlocks',
        summary: 'Whom I blocked',
        tags,
        querystring: PageQuery,
        response: { 200: BlockPage }
      }
    },
    ({ query: { limit = limits.page, cursor }, session }) =>
      listBlocks(app.db, session.user.id, { limit, cursor })
  )

  app.put(
    '/blocks/:user_id',
    {
      schema: {
        operationId: 'block',
        summary: 'Hear nothing of someone, who can take me into no conversation any more',
        tags,
        params: OnUser,
        response: { 200: User }
      }
    },
    async ({ params: { user_id: blocked_id }, session, idempotencyKey: key }, reply) => {
      const user_id = session.user.id
      if (blocked_id === user_id)
        throw new ProblemError('bad_request', { detail: 'nobody can block themselves' })
      const blocked = await findUser(app.db, blocked_id)
      if (!blocked) throw new ProblemError('not_found')
      let versions: RoomsVersion[] = []
      const { replay } = await oncePerKey(
        app.db,
        { user_id, key, route: `block ${blocked_id}` },
        async (tx) => {
          await insertBlock(tx, user_id, blocked_id)
          versions = await bumpRoomsVersions(tx, [user_id])
          return null
        }
      )
      announceRooms(app.bus, versions)
      return reply.replayed(replay).send(blocked)
    }
  )

  app.delete(
    '/blocks/:user_id',
    { schema: { operationId: 'unblock', tags, params: OnUser, response: { 204: Type.Null() } } },
    async ({ params: { user_id: blocked_id }, session, idempotencyKey: key }, reply) => {
      const user_id = session.user.id
      let versions: RoomsVersion[] = []
      const { replay } = await oncePerKey(
        app.db,
        { user_id, key, route: `unblock ${blocked_id}` },
        async (tx) => {
          await deleteBlock(tx, user_id, blocked_id)
          versions = await bumpRoomsVersions(tx, [user_id])
          return null
        }
      )
      announceRooms(app.bus, versions)
      return reply.code(204).replayed(replay).send(null)
    }
  )
}
