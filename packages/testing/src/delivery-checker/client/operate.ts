import { setTimeout as delay } from 'node:timers/promises'
import type { Invoked } from '../history.ts'
import type { HistoryLog } from '../history-log.ts'
import type { Attempt, Outcome } from './attempt.ts'
import { backoff } from './backoff.ts'

export interface OperateOptions {
  /** How long it is tried, in milliseconds, before it is given up as unknown. */
  patience_ms: number
  random: () => number
  /** Whether an attempt that may have happened can be tried again: it carries an idempotency key, or reads only. */
  again: boolean
}

/**
 * Records one intent and tries it until its outcome is known. A failure is certain only if no earlier attempt may have worked, or if it is
 * the last word on its key.
 */
export async function operate(
  log: HistoryLog,
  intent: Omit<Invoked, 'at' | 'type' | 'op'>,
  attempt: () => Promise<Attempt>,
  { patience_ms, random, again }: OperateOptions
): Promise<Outcome> {
  const op = log.nextOperation()
  const begun = log.record({ type: 'invoked', op, ...intent })
  let maybe = false
  for (let n = 0; ; n++) {
    const result = await attempt()
    if (result.outcome === 'ok') {
      const { outcome: type, seq, message, replay, body, conversation } = result
      log.record({ type, op, seq, message, replay, body, conversation })
      return { type, ...result }
    }
    maybe ||= result.outcome === 'maybe'
    const final = result.outcome === 'refused' ? result.again_ms === undefined : !again
    if (final || log.now() - begun > patience_ms) {
      const type = maybe && !isFinal(intent, result.code) ? 'unknown' : 'fail'
      log.record({ type, op, code: result.code })
      return { type, code: result.code }
    }
    await delay(result.again_ms ?? backoff(n, random))
  }
}

/** Whether a refusal is the last word on a send's key, whatever became of earlier attempts (SND-9). */
function isFinal({ kind, client_id }: Pick<Invoked, 'kind' | 'client_id'>, code: string): boolean {
  return (
    kind === 'send' && client_id !== undefined && (code === 'not_found' || code === 'idempotency_refused')
  )
}
