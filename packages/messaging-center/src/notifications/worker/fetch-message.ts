import type { Conversation, Message, PushPayload } from '@parley/contracts'

/** The browser waits for the notification no longer than this service wants to. */
const TIMEOUT_MS = 5_000

export interface Found {
  message: Message
  conversation: Conversation
}

/** What was pushed, `gone` where there is nothing new to show any more, undefined where it cannot be asked for. */
export async function fetchMessage({
  conversation_id,
  message_id,
  seq
}: PushPayload): Promise<Found | 'gone' | undefined> {
  const path = `api/conversations/${conversation_id}/`
  try {
    const [conversation, message] = await Promise.all([
      ask<Conversation>(path),
      ask<Message>(`${path}messages/${message_id}/`)
    ])
    if (!conversation || !message || message.deleted_at !== null || conversation.read_seq >= seq)
      return 'gone'
    return { message, conversation }
  } catch {
    return undefined
  }
}

/** Undefined where it is not there, or not ours any more; throws where nobody can say. */
async function ask<T>(path: string): Promise<T | undefined> {
  const reply = await fetch(path, { credentials: 'same-origin', signal: AbortSignal.timeout(TIMEOUT_MS) })
  if (reply.status === 404) return undefined
  if (!reply.ok) throw new Error(`${path}: ${reply.status}`)
  return (await reply.json()) as T
}
