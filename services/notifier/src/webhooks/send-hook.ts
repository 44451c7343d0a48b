import { createHmac } from 'node:crypto'
import type { Hook, HookOutcome } from '@parley/contracts'
import { failureOf, outcomeOf } from '../outward/outcome-of.ts'
import type { OutwardClient } from '../outward/outward-client.ts'

/** Sends one delivery, signed: HMAC-SHA256 over `timestamp.body` with the webhook's secret. */
export async function sendHook(outward: OutwardClient, hook: Hook): Promise<HookOutcome> {
  const { webhook_id, conversation_id, seq, url, body } = hook
  const settled = { webhook_id, conversation_id, seq }
  try {
    const answer = await outward.post(url, headersOf(hook, Math.floor(Date.now() / 1_000)), body)
    return { ...settled, ...outcomeOf(answer) }
  } catch (error) {
    return { ...settled, ...failureOf(error) }
  }
}

function headersOf(
  { webhook_id, conversation_id, seq, secret, body }: Hook,
  timestamp: number
): Record<string, string> {
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  return {
    'content-type': 'application/json',
    'user-agent': 'parley',
    'parley-webhook': webhook_id,
    'parley-event': `${conversation_id}:${seq}`,
    'parley-signature': `t=${timestamp},v1=${signature}`
  }
}
