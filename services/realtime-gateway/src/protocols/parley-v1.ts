import {
  type ClientFrame,
  type ClientFrameType,
  clientFrames,
  type ConnectionLimits,
  fieldErrors,
  limits,
  ProblemError,
  type ServerFrames,
  validator
} from '@parley/contracts'
import type { Connection } from '../connection/connection.ts'
import type { ErrorContext, Protocol, Ref } from '../connection/protocol.ts'
import { parleyV1Dialect } from '../dialects/parley-v1-dialect.ts'
import type { FrameHandlers } from './frame-handlers.ts'
import { parseObject } from './parse-object.ts'
import { errorFrame, refOf, subscribedFrame } from './v1-frames.ts'

const validators = Object.fromEntries(
  Object.entries(clientFrames).map(([type, schema]) => [type, validator(schema)])
) as { [T in ClientFrameType]: ReturnType<typeof validator<(typeof clientFrames)[T]>> }

/** `parley.v1`: one JSON frame a message, every client frame validated before anything reads it. */
export function createParleyV1(
  handlers: FrameHandlers,
  { heartbeat_ms }: { heartbeat_ms: number }
): Protocol {
  return {
    name: 'parley.v1',
    dialect: parleyV1Dialect,
    opened: (connection) => sendWelcome(connection, heartbeat_ms),
    receive: (connection, text) => receive(handlers, connection, text),
    subscribed: (connection, subscription) => {
      const frame = subscribedFrame(subscription)
      if (frame) send(connection, frame)
    },
    subscribedAll: (connection, count, ref) =>
      send(connection, { type: 'subscribed_all', ...refOf(ref), count }),
    lagging: (connection, { room }, from, to) =>
      send(connection, { type: 'lagging', conversation_id: room.id, from, to }),
    unsubscribed: (connection, conversation_id, reason, ref) =>
      send(connection, { type: 'unsubscribed', ...refOf(ref), conversation_id, reason }),
    error: sendError,
    move: (connection, within_ms) => send(connection, { type: 'move', within_ms })
  }
}

function sendWelcome(connection: Connection, heartbeat_ms: number): void {
  const { id: connection_id, user } = connection
  send(connection, { type: 'welcome', connection_id, user, limits: connectionLimits, heartbeat_ms })
}

const connectionLimits: ConnectionLimits = {
  body_length: limits.body_length,
  frame_bytes: limits.frame_bytes,
  subscriptions_per_connection: limits.subscriptions_per_connection,
  sends_per_second: limits.sends_per_second,
  sends_burst: limits.sends_burst,
  typing_per_second: limits.typing_per_second,
  typing_ms: limits.typing_ms,
  presence_per_second: limits.presence_per_second
}

function receive(handlers: FrameHandlers, connection: Connection, text: string): boolean {
  const value = parseObject(text)
  const ref = readRef(value?.ref)
  const refuse = (error: ProblemError): false => {
    sendError(connection, error, { ref })
    return false
  }
  const limited = connection.whyNotNow()
  if (limited) return refuse(limited)
  if (!value) return refuse(new ProblemError('malformed_frame'))
  const { type } = value
  if (typeof type !== 'string' || !isFrameType(type)) return refuse(new ProblemError('unknown_frame'))
  const valid = validators[type]
  if (!valid(value)) return refuse(new ProblemError('validation_failed', { detail: describe(valid.errors) }))
  dispatch(handlers, connection, value)
  return true
}

function dispatch<T extends ClientFrameType>(
  handlers: FrameHandlers,
  connection: Connection,
  frame: Extract<ClientFrame, { type: T }>
): void {
  const handle = handlers[frame.type as T] as (connection: Connection, frame: ClientFrame) => void
  handle(connection, frame)
}

function isFrameType(type: string): type is ClientFrameType {
  return Object.hasOwn(validators, type)
}

/** A ref is echoed even if the rest of its frame is wrong. */
function readRef(ref: unknown): Ref {
  if (typeof ref === 'string') return ref.length <= 200 ? ref : undefined
  return Number.isSafeInteger(ref) ? (ref as number) : undefined
}

function describe(errors: Parameters<typeof fieldErrors>[0]): string {
  const [first] = fieldErrors(errors)
  return first ? `${first.pointer || '/'} ${first.reason}` : ''
}

function sendError(connection: Connection, error: ProblemError, context?: ErrorContext): void {
  send(connection, errorFrame(error, context))
}

function send(connection: Connection, frame: ServerFrames[keyof ServerFrames]): void {
  connection.send(frame)
}
