import type { Problem, ProblemCode } from '@parley/contracts'
import { problemStatuses } from './wire/tables.ts'

/** A code of the protocol's catalogue, or of this side: `network` (nothing answered) and `closed` (the connection ended for good). */
export type ErrorCode = ProblemCode | 'network' | 'closed' | (string & {})

export interface ErrorFacts {
  code: ErrorCode
  title?: string | undefined
  status?: number | undefined
  detail?: string | undefined
  errors?: Problem['errors'] | undefined
  temporary?: boolean | undefined
  retry_after_ms?: number | undefined
  head?: number | undefined
  cause?: unknown
}

/**
 * A failure the protocol has a code for. The class says what to do about it, the code what it is.
 *
 * @example
 * if (error instanceof RateLimitedError) await sleep(error.retry_after_ms ?? 1_000)
 */
export class ParleyError extends Error {
  readonly code: ErrorCode
  readonly status: number | undefined
  readonly title: string
  readonly detail: string | undefined
  /** Which fields of the request were wrong. */
  readonly errors: Problem['errors'] | undefined
  /** The same request, with the same key, may succeed later. */
  readonly temporary: boolean
  readonly retry_after_ms: number | undefined
  /** With `cursor_ahead`: where the conversation is. */
  readonly head: number | undefined

  constructor(facts: ErrorFacts) {
    const { code, title = code, detail, cause } = facts
    super(detail ?? title, { cause })
    this.name = new.target.name
    this.code = code
    this.title = title
    this.detail = detail
    this.status = facts.status
    this.errors = facts.errors
    this.temporary = facts.temporary ?? false
    this.retry_after_ms = facts.retry_after_ms
    this.head = facts.head
  }
}

export class BadRequestError extends ParleyError {}
export class UnauthenticatedError extends ParleyError {}
export class ForbiddenError extends ParleyError {}
export class NotFoundError extends ParleyError {}
export class ConflictError extends ParleyError {}
/** `retry_after_ms` says when. */
export class RateLimitedError extends ParleyError {}
/** The server cannot at present: it may or may not have been done. */
export class UnavailableError extends ParleyError {}

/** Nothing answered: offline, unreachable, or not in time. It may or may not have been done. */
export class NetworkError extends ParleyError {
  constructor(detail: string, cause?: unknown) {
    super({ code: 'network', title: 'No answer', detail, temporary: true, cause })
  }
}

const classes: Readonly<Record<number, typeof ParleyError>> = {
  400: BadRequestError,
  401: UnauthenticatedError,
  403: ForbiddenError,
  404: NotFoundError,
  409: ConflictError,
  413: BadRequestError,
  429: RateLimitedError
}

/** The class for a problem: by its status, which for a frame follows from the code. A code of a newer server is told by `temporary`. */
export function errorOf(facts: ErrorFacts): ParleyError {
  const status = facts.status ?? problemStatuses[facts.code] ?? (facts.temporary ? 503 : 400)
  const temporary = facts.temporary ?? (status === 429 || status >= 500)
  const Class = classes[status] ?? (status >= 500 ? UnavailableError : ParleyError)
  return new Class({ ...facts, status, temporary })
}
