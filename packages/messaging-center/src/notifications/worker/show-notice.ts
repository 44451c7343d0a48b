import type { Notice } from '../notice.ts'

/** What a shown notification leads to. */
export type NoticeData = Pick<Notice, 'conversation_id' | 'seq'>

type Options = NotificationOptions & { timestamp?: number }

export async function showNotice(
  { registration }: ServiceWorkerGlobalScope,
  { tag, title, body, conversation_id, seq, at }: Notice
): Promise<void> {
  const data: NoticeData = { conversation_id, ...(seq === undefined ? {} : { seq }) }
  const options: Options = { tag, body, dir: 'auto', icon: 'icon-192.png', badge: 'badge-96.png', data }
  if (at !== undefined) options.timestamp = at
  await registration.showNotification(title, options)
}

/** Browsers want something shown for each push, so what there is nothing to say of is shown for a moment. */
export async function showNothing(
  { registration }: ServiceWorkerGlobalScope,
  tag: string,
  text: string
): Promise<void> {
  await registration.showNotification('Parley', { tag, body: text, silent: true })
  for (const shown of await registration.getNotifications({ tag })) shown.close()
}
