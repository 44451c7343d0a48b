import type { PushSettings } from '@parley/contracts'

/** The push service gave this browser another address: the deployment is told, with this browser's own session. */
export async function renewSubscription(
  { registration }: ServiceWorkerGlobalScope,
  { oldSubscription, newSubscription }: PushSubscriptionChangeEvent
): Promise<void> {
  const { public_key, items } = (await ask('GET', 'api/push/')) as PushSettings
  if (public_key === null) return
  const subscription =
    newSubscription ??
    (await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: public_key }))
  await ask('POST', 'api/push/subscriptions/', subscription.toJSON())
  const before = items.filter(({ endpoint }) => endpoint === oldSubscription?.endpoint)
  for (const { id } of before) await ask('DELETE', `api/push/subscriptions/${id}/`)
}

async function ask(method: string, path: string, body?: object): Promise<unknown> {
  const reply = await fetch(path, {
    method,
    credentials: 'same-origin',
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {})
  })
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status}`)
  return reply.status === 204 ? undefined : reply.json()
}
