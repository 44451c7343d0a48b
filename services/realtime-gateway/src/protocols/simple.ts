import { limits, ProblemError, type SimpleFrames, SimpleSend, validator } from '@parley/contracts'
import type { CommandRunner } from '../connection/command-runner.ts'
import type { Connection } from '../connection/connection.ts'
import type { Protocol } from '../connection/protocol.ts'
import { simpleDialect } from '../dialects/simple-dialect.ts'
import { parseObject } from './parse-object.ts'

const isSend = validator(SimpleSend)
const hasBody = validator(SimpleSend.anyOf[0])

/** What both seeds' clients speak on `/ws/chat/{id}/`: a text under either name in, messages out. */
export function createSimpleProtocol(commands: CommandRunner): Protocol {
  return {
    name: 'simple',
    dialect: simpleDialect,
    opened: () => {},
    receive: (connection, text) => receive(commands, connection, text),
    subscribed: () => {},
    subscribedAll: () => {},
    lagging: () => {},
    unsubscribed: () => {},
    error: sendSimpleError,
    move: () => {}
  }
}

/** The error frame of the dialects without `ref`. */
export function sendSimpleError(connection: Connection, error: ProblemError): void {
  const { retry_after_ms } = error.extras
  const frame: SimpleFrames['error'] = { type: 'error', code: error.code, detail: error.message }
  connection.send(retry_after_ms === undefined ? frame : { ...frame, retry_after_ms })
}

function receive(commands: CommandRunner, connection: Connection, text: string): boolean {
  const error = connection.whyNotNow() ?? send(commands, connection, parseObject(text))
  if (error) sendSimpleError(connection, error)
  return !error
}

function send(
  commands: CommandRunner,
  connection: Connection,
  value: Record<string, unknown> | undefined
): ProblemError | undefined {
  if (!value) return new ProblemError('malformed_frame')
  if (connection.scope.kind !== 'room') return new ProblemError('unknown_frame')
  if (!isSend(value)) return new ProblemError('validation_failed', { detail: WANTED })
  const { conversation_id } = connection.scope
  const body = hasBody(value) ? value.body : textOf(value)
  const key = value.client_id === undefined ? {} : { client_id: value.client_id }
  commands.run(connection, { type: 'send', conversation_id, body, ...key }, (result) => {
    if (!result.ok) sendSimpleError(connection, new ProblemError(result.code, result.extras))
  })
  return undefined
}

const WANTED = `send {"body": text} or {"content": text} with 1 to ${limits.body_length} characters, not all blank`

function textOf(value: SimpleSend): string {
  return 'content' in value ? value.content : value.body
}
