import { Privacy, PrivacyEdit } from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { oncePerKey } from '../requests/once-per-key.ts'
import { hidePresence, hideReads, readPrivacy } from './privacy-store.ts'

const tags = ['accounts']

/** What I hide from others; for signed-in callers only. */
export async function privacyRoutes(app: ServiceInstance): Promise<void> {
  app.get(
    '/privacy',
    {
      schema: {
        operationId: 'getPrivacy',
        summary: 'What I hide from others',
        tags,
        response: { 200: Privacy }
      }
    },
    ({ session }) => readPrivacy(app.db, session.user.id)
  )

  app.patch(
    '/privacy',
    {
      schema: {
        operationId: 'setPrivacy',
        summary: 'Hide my presence or how far I read from everyone, or show them again',
        tags,
        body: PrivacyEdit,
        response: { 200: Privacy }
      }
    },
    async ({ body, session, idempotencyKey: key }, reply) => {
      const user_id = session.user.id
      const { replay } = await oncePerKey(
        app.db,
        { user_id, key, route: 'set privacy', body },
        async (tx) => {
          if (body.hide_reads !== undefined) await hideReads(tx, user_id, body.hide_reads)
          if (body.hide_presence !== undefined) await hidePresence(tx, user_id, body.hide_presence)
          return body
        }
      )
      return reply.replayed(replay).send(await readPrivacy(app.db, user_id))
    }
  )
}
