// `/messaging/sw.js?lang=…`: shows what is pushed, and leads there. It keeps nothing, and answers no request of any page.
import type { ToWorker } from '../notice.ts'
import { pushTexts } from '../push-texts.ts'
import { openConversation } from './open-conversation.ts'
import { pushed } from './pushed.ts'
import { renewSubscription } from './renew-subscription.ts'
import { showNotice } from './show-notice.ts'

declare const self: ServiceWorkerGlobalScope

const texts = pushTexts(new URL(self.location.href).searchParams.get('lang') ?? '')

self.addEventListener('install', () => void self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('push', (event) => event.waitUntil(pushed(self, event.data, texts)))

self.addEventListener('message', (event) => {
  const { type, notice } = event.data as ToWorker
  if (type === 'parley-notice') event.waitUntil(announce(notice))
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(openConversation(self, event.notification.data))
})

self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renewSubscription(self, event)))

/** Of several tabs each may tell of the same message; whoever looks at one of them sees it there. */
async function announce(notice: ToWorker['notice']): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  if (!windows.some(({ focused }) => focused)) await showNotice(self, notice)
}
