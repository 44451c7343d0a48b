import type { PushOutcome } from '@parley/contracts'
import { InternalAddress } from './address-guard.ts'
import type { OutwardAnswer } from './outward-client.ts'

type Verdict = Pick<PushOutcome, 'result' | 'retry_after_ms'> & { error?: string }

/** What an answer means: what may pass is tried again, the rest is given up. */
export function outcomeOf({ status, retry_after_ms }: OutwardAnswer): Verdict {
  if (status >= 200 && status < 300) return { result: 'sent' }
  const error = `answered ${status}`
  if (status === 404 || status === 410) return { result: 'gone', error }
  const passing = status === 408 || status === 425 || status === 429 || status >= 500
  if (!passing) return { result: 'never', error }
  return { result: 'later', error, ...(retry_after_ms === undefined ? {} : { retry_after_ms }) }
}

/** No answer: an address that must not be called is given up, anything else may pass. */
export function failureOf(error: unknown): Verdict {
  const told = error instanceof Error ? error : new Error(String(error))
  const code = 'code' in told && typeof told.code === 'string' ? told.code : told.name
  if (told instanceof InternalAddress || told instanceof TypeError)
    return { result: 'never', error: told.message.slice(0, 300) }
  return { result: 'later', error: code.slice(0, 300) }
}
