import { type Static, Type } from '@sinclair/typebox'

/**
 * Every expected failure, by its stable code. REST answers them as problem+json, sockets as `error` frames and
 * close reasons; `temporary` ones may be tried again after `retry_after_ms`.
 */
export const problems = {
  bad_request: { status: 400, title: 'The request is not valid' },
  invalid_json: { status: 400, title: 'The body is not valid JSON' },
  validation_failed: { status: 400, title: 'The request does not match its schema' },
  idempotency_key_mismatch: { status: 400, title: 'client_id and Idempotency-Key differ' },
  subprotocol_required: { status: 400, title: 'This address speaks parley.v1 only' },
  cursor_ahead: { status: 400, title: 'The cursor is ahead of the conversation' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  invalid_credentials: { status: 401, title: 'Wrong username or password' },
  origin_forbidden: { status: 403, title: 'This origin is not allowed' },
  forbidden: { status: 403, title: 'You may see this but not do this' },
  banned: { status: 403, title: 'This person is banned from the conversation' },
  not_found: { status: 404, title: 'There is nothing here that you may see' },
  method_not_allowed: { status: 405, title: 'This address does not take that method' },
  not_acceptable: { status: 406, title: 'Cannot answer in the form asked for' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  username_taken: { status: 409, title: 'This username is taken' },
  idempotency_conflict: { status: 409, title: 'This key was used for something else' },
  idempotency_refused: { status: 409, title: 'This key was refused before: try again with a new one' },
  message_deleted: { status: 409, title: 'The message was deleted' },
  direct_conversation: { status: 409, title: 'A direct conversation has exactly its two members' },
  last_owner: { status: 409, title: 'A group keeps at least one owner' },
  members_full: { status: 409, title: 'The group is full' },
  emoji_full: { status: 409, title: 'The message has as many different emoji as it takes' },
  pins_full: { status: 409, title: 'The conversation has as many pins as it takes' },
  quota_exceeded: { status: 409, title: 'There is no room for more files of yours' },
  image_too_large: { status: 413, title: 'The picture has too many pixels' },
  file_type_refused: { status: 415, title: 'Files of this type are not taken' },
  file_type_mismatch: { status: 415, title: 'The file is not of the type it says' },
  payload_too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: { status: 415, title: 'Send application/json' },
  range_not_satisfiable: { status: 416, title: 'The file has no such part' },
  upgrade_required: { status: 426, title: 'This address speaks WebSocket' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  rate_limited: { status: 429, title: 'Too many requests', temporary: true },
  internal: { status: 500, title: 'Something went wrong', temporary: true },
  overloaded: { status: 503, title: 'Too busy right now', temporary: true },
  unavailable: { status: 503, title: 'A part this needs is not available', temporary: true },
  // Sockets only: a status is kept so that one table serves both.
  malformed_frame: { status: 400, title: 'The frame is not a JSON object' },
  unknown_frame: { status: 400, title: 'There is no frame of this type' },
  binary_frame: { status: 400, title: 'Frames are text' },
  too_many_subscriptions: { status: 400, title: 'Too many subscriptions on one connection' },
  not_subscribed: { status: 400, title: 'There is no such subscription on this connection' }
} as const satisfies Record<string, { status: number; title: string; temporary?: true }>

export type ProblemCode = keyof typeof problems

const FieldError = Type.Object(
  { pointer: Type.String({ description: 'JSON pointer to the value' }), reason: Type.String() },
  { additionalProperties: false }
)

/** RFC 9457 problem details with Parley's stable `code`. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String(),
    detail: Type.Optional(Type.String()),
    errors: Type.Optional(Type.Array(FieldError)),
    head: Type.Optional(Type.Integer({ description: 'with cursor_ahead: where the conversation is' }))
  },
  { title: 'Problem', additionalProperties: false }
)
export type Problem = Static<typeof Problem>

export interface ProblemExtras {
  detail?: string
  errors?: Static<typeof FieldError>[]
  head?: number
  retry_after_ms?: number
}

/**
 * An expected failure: throw it anywhere below a handler. Example:
 * `throw new ProblemError('not_found')`
 */
export class ProblemError extends Error {
  readonly code: ProblemCode
  readonly extras: ProblemExtras

  constructor(code: ProblemCode, extras: ProblemExtras = {}) {
    super(extras.detail ?? problems[code].title)
    this.name = 'ProblemError'
    this.code = code
    this.extras = extras
  }

  get status(): number {
    return problems[this.code].status
  }

  /** The body of the HTTP answer. */
  toProblem(): Problem {
    const { title, status } = problems[this.code]
    const { retry_after_ms: _, ...shown } = this.extras
    return { type: `urn:parley:problem:${this.code}`, title, status, code: this.code, ...shown }
  }
}

/** True when the same request may succeed later. */
export function isTemporary(code: ProblemCode): boolean {
  return 'temporary' in problems[code]
}
