import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'
import type { Static } from '@sinclair/typebox'
import type { LogLevel } from './config-fields.ts'

const secretKeys = [
  'authorization',
  'cookie',
  '"set-cookie"',
  'password',
  'current_password',
  'new_password',
  'token',
  'ticket',
  'secret',
  'body',
  'content',
  'preview'
]

/**
 * A pino logger that writes JSON lines to `stream` (default: stdout) and hides secrets and what people wrote, at up to three
 * levels of nesting. Example: `createLogger({ name: 'notifier', level: 'info' }).info({ room }, 'room opened')`.
 */
export function createLogger(options: {
  name: string
  level: Static<typeof LogLevel>
  stream?: DestinationStream
}): Logger {
  return pino(
    {
      name: options.name,
      level: options.level,
      timestamp: stdTimeFunctions.isoTime,
      redact: { paths: secretKeys.flatMap(atAnyDepth), censor: '[redacted]' },
      serializers: { req: describeRequest, res: describeReply, err: describeError, error: describeError }
    },
    options.stream ?? pino.destination({ fd: 1, sync: true })
  )
}

function atAnyDepth(key: string): string[] {
  const dot = key.startsWith('"') ? '' : '.'
  const last = key.startsWith('"') ? `[${key}]` : key
  return [last, `*${dot}${last}`, `*.*${dot}${last}`, `*.*.*${dot}${last}`]
}

interface RequestLike {
  id?: unknown
  method?: string
  url?: string
}

// A query string may hold a ticket or a search.
function describeRequest(request: RequestLike) {
  return { id: request.id, method: request.method, path: request.url?.split('?', 1)[0] }
}

function describeReply(reply: { statusCode?: number }) {
  return { status: reply.statusCode }
}

// Chosen fields only: a database error's detail quotes whole rows, message bodies among them.
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  return {
    type: error.name,
    message: error.message,
    code: 'code' in error ? error.code : undefined,
    constraint: 'constraint' in error ? error.constraint : undefined,
    stack: error.stack,
    cause: error.cause instanceof Error ? describeError(error.cause) : undefined
  }
}
