import type { PushPayload } from '@parley/contracts'
import { noticeOf } from '../notice.ts'
import type { PushTexts } from '../push-texts.ts'
import { fetchMessage } from './fetch-message.ts'
import { showNothing, showNotice } from './show-notice.ts'

/**
 * Shows a push. It says who wrote, and where; what they wrote is asked for with this browser's own session, and where that fails the
 * notification does without.
 */
export async function pushed(
  scope: ServiceWorkerGlobalScope,
  data: PushMessageData | null,
  texts: PushTexts
): Promise<void> {
  const payload = read(data)
  if (!payload) return showNothing(scope, 'unknown', texts.message)
  const { kind, tag, conversation_id, sender } = payload
  if (kind === 'withdrawn') return showNothing(scope, tag, texts.nothing)
  const found = await fetchMessage(payload)
  if (found === 'gone') return showNothing(scope, tag, texts.nothing)
  if (found) return showNotice(scope, { ...noticeOf(found.message, found.conversation, texts), tag })
  await showNotice(scope, { tag, title: sender ?? 'Parley', body: texts[kind], conversation_id })
}

function read(data: PushMessageData | null): PushPayload | undefined {
  try {
    const value = data?.json() as Partial<PushPayload> | undefined
    return value?.tag && value.conversation_id && value.message_id ? (value as PushPayload) : undefined
  } catch {
    return undefined
  }
}
