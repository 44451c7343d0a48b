import t from 'tap'
import type { Attempt } from '../../src/delivery-checker/client/attempt.ts'
import { HistoryLog, operate } from '../../src/index.ts'

/** How an intent ends whose attempts go like this. */
async function outcomeOf(intent: { kind: 'send' | 'edit'; client_id?: string }, ...attempts: Attempt[]) {
  const log = new HistoryLog()
  const options = { patience_ms: 1_000, random: () => 0, again: true }
  const next = attempts.values()
  const attempt = async () => next.next().value ?? { outcome: 'refused' as const, code: 'too many attempts' }
  const { type } = await operate(log, { user: 'u', via: 'rest', ...intent }, attempt, options)
  return type
}

const maybe = { outcome: 'maybe', code: 'timeout', again_ms: 0 } as const
const refused = (code: string) => ({ outcome: 'refused', code }) as const

t.test('a failure is certain where no earlier attempt may have worked', async (t) => {
  t.equal(await outcomeOf({ kind: 'edit', client_id: 'k' }, refused('not_found')), 'fail')
  t.equal(await outcomeOf({ kind: 'edit', client_id: 'k' }, maybe, refused('not_found')), 'unknown')
  t.equal(await outcomeOf({ kind: 'edit', client_id: 'k' }, maybe, { outcome: 'ok' }), 'ok')
})

t.test('SND-9 or where the refusal is the last word on a send’s key', async (t) => {
  const send = { kind: 'send', client_id: 'k' } as const
  for (const code of ['not_found', 'idempotency_refused'])
    t.equal(await outcomeOf(send, maybe, refused(code)), 'fail')
  t.equal(await outcomeOf(send, maybe, refused('unauthenticated')), 'unknown')
  t.equal(await outcomeOf({ kind: 'send' }, maybe, refused('not_found')), 'unknown', 'without a key')
})
