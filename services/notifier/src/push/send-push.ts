import type { Push, PushOutcome } from '@parley/contracts'
import webPush from 'web-push'
import { failureOf, outcomeOf } from '../outward/outcome-of.ts'
import type { OutwardClient } from '../outward/outward-client.ts'

/** Names this deployment to push services (RFC 8292): a contact address and a key pair. */
export interface Vapid {
  subject: string
  publicKey: string
  privateKey: string
}

/** A push service keeps it so long for a browser that is away, in seconds. */
const TTL = 24 * 3_600

/**
 * Sends one push. Its topic is the message: a later one of the same topic takes the place of one that still waits at the push service,
 * so that a withdrawal overtakes what it withdraws.
 */
export async function sendPush(outward: OutwardClient, vapid: Vapid, push: Push): Promise<PushOutcome> {
  const { subscription_id, endpoint, p256dh, auth, payload } = push
  const settled = { subscription_id, message_id: payload.message_id, kind: payload.kind }
  try {
    const { headers, body } = webPush.generateRequestDetails(
      { endpoint, keys: { p256dh, auth } },
      JSON.stringify(payload),
      {
        vapidDetails: vapid,
        TTL,
        topic: payload.tag.replaceAll('-', ''),
        urgency: payload.kind === 'withdrawn' ? 'normal' : 'high'
      }
    )
    const { 'Content-Length': _, ...rest } = headers as Record<string, unknown>
    const texts = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]))
    const { result, retry_after_ms } = outcomeOf(await outward.post(endpoint, texts, body ?? ''))
    return { ...settled, result, ...(retry_after_ms === undefined ? {} : { retry_after_ms }) }
  } catch (error) {
    const { result } = failureOf(error)
    // An address that must never be called will not become better: the browser is forgotten.
    return { ...settled, result: result === 'never' ? 'gone' : result }
  }
}
