import type { FromWorker } from '../notice.ts'
import type { NoticeData } from './show-notice.ts'

/** Goes to a window that is open, or opens one. */
export async function openConversation(
  { clients, registration }: ServiceWorkerGlobalScope,
  { conversation_id, seq }: NoticeData
): Promise<void> {
  const home = new URL(registration.scope)
  const windows = (await clients.matchAll({ type: 'window', includeUncontrolled: true })).filter(
    ({ url }) => new URL(url).pathname === home.pathname
  )
  const window =
    windows.find(({ focused }) => focused) ??
    windows.find(({ visibilityState }) => visibilityState === 'visible') ??
    windows[0]
  if (!window) {
    const at = seq === undefined ? '' : `?m=${seq}`
    await clients.openWindow(`${home.href}#/c/${conversation_id}${at}`)
    return
  }
  const place: FromWorker = { type: 'parley-open', conversation_id, ...(seq === undefined ? {} : { seq }) }
  window.postMessage(place)
  await window.focus()
}
