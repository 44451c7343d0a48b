/** What one attempt of an operation told. `refused`: certain that it did nothing. `maybe`: it may have been done. */
export type Attempt =
  | {
      outcome: 'ok'
      seq?: number | undefined
      message?: string | undefined
      replay?: boolean | undefined
      body?: string | null | undefined
      conversation?: string | undefined
    }
  | { outcome: 'refused'; code: string; again_ms?: number | undefined }
  | { outcome: 'maybe'; code: string; again_ms?: number | undefined }

/** An operation's end, after all its attempts. */
export type Outcome =
  | (Extract<Attempt, { outcome: 'ok' }> & { type: 'ok' })
  | { type: 'fail'; code: string }
  | { type: 'unknown'; code: string }

/** By its code: `rate_limited` did nothing and may be tried again, other temporary failures may have done it. */
export function failedAttempt(code: string, temporary: boolean, again_ms?: number): Attempt {
  if (code === 'rate_limited') return { outcome: 'refused', code, again_ms: again_ms ?? 1_000 }
  return temporary ? { outcome: 'maybe', code, again_ms } : { outcome: 'refused', code }
}
