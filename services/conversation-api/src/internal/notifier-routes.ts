import { type NotifierApi, NotifierBodies, notifierPaths } from '@parley/contracts'
import type { FastifyInstance } from 'fastify'

/** The notifier's port over HTTP, below whoever checks the secret. */
export async function notifierRoutes(
  app: FastifyInstance,
  { notifier }: { notifier: NotifierApi }
): Promise<void> {
  post('queuePushes', (events) => notifier.queuePushes(events))
  post('takePushes', ({ limit }) => notifier.takePushes(limit))
  post('settlePushes', (outcomes) => notifier.settlePushes(outcomes))
  post('queueHooks', (events) => notifier.queueHooks(events))
  post('takeHooks', ({ limit }) => notifier.takeHooks(limit))
  post('settleHooks', (outcomes) => notifier.settleHooks(outcomes))

  function post<K extends keyof NotifierBodies>(
    name: K,
    answer: (body: NotifierBodies[K]) => Promise<unknown>
  ) {
    app.post<{ Body: NotifierBodies[K] }>(
      notifierPaths[name],
      { schema: { body: NotifierBodies[name] }, bodyLimit: BODY_LIMIT },
      async (request) => (await answer(request.body as NotifierBodies[K])) ?? {}
    )
  }
}

const BODY_LIMIT = 4 * 1024 * 1024
