import { Id, NewPushSubscription, ProblemError, PushSettings, PushSubscription } from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { oncePerKey } from '../requests/once-per-key.ts'
import { deleteSubscription, listSubscriptions, saveSubscription } from './push-subscription-store.ts'

const tags = ['notifications']

/** Web Push to my browsers; for signed-in callers only. Without a public key this deployment does not push. */
export async function pushRoutes(
  app: ServiceInstance,
  { publicKey }: { publicKey: string | undefined }
): Promise<void> {
  app.get(
    '/push',
    {
      schema: {
        operationId: 'getPushSettings',
        summary: 'What a browser subscribes with, and my browsers',
        tags,
        response: { 200: PushSettings }
      }
    },
    async ({ session: { user, session_id } }) => ({
      public_key: publicKey ?? null,
      items: await listSubscriptions(app.db, { user_id: user.id, session_id })
    })
  )

  app.post(
    '/push/subscriptions',
    {
      schema: {
        operationId: 'subscribeToPush',
        summary: 'Push to this browser while I am not connected and this session lasts',
        tags,
        body: NewPushSubscription,
        response: { 200: PushSubscription, 201: PushSubscription }
      }
    },
    async ({ body, session: { user, session_id }, idempotencyKey: key }, reply) => {
      if (publicKey === undefined)
        throw new ProblemError('bad_request', { detail: 'this deployment does not push' })
      const caller = { user_id: user.id, session_id }
      const { result, replay } = await oncePerKey(
        app.db,
        { user_id: user.id, key, route: 'subscribe to push', body },
        (tx) => saveSubscription(tx, caller, body)
      )
      const mine = await listSubscriptions(app.db, caller)
      const subscription = mine.find(({ id }) => id === result.id)
      if (!subscription) throw new ProblemError('not_found')
      return reply
        .code(result.created && !replay ? 201 : 200)
        .replayed(replay)
        .send(subscription)
    }
  )

  app.delete(
    '/push/subscriptions/:subscription_id',
    {
      schema: {
        operationId: 'unsubscribeFromPush',
        summary: 'Push to this browser no more',
        tags,
        params: Type.Object({ subscription_id: Id }),
        response: { 204: Type.Null() }
      }
    },
    async ({ params, session, idempotencyKey: key }, reply) => {
      const user_id = session.user.id
      const route = `unsubscribe from push ${params.subscription_id}`
      const { replay } = await oncePerKey(app.db, { user_id, key, route }, async (tx) => {
        if (!(await deleteSubscription(tx, user_id, params.subscription_id)))
          throw new ProblemError('not_found')
        return null
      })
      return reply.code(204).replayed(replay).send(null)
    }
  )
}
