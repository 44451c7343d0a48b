import {
  type Authenticated,
  type BeatReply,
  type Command,
  type CommandResult,
  type ConversationApi,
  decodeRoomPages,
  internalPaths,
  internalSecretHeader,
  onlySendsHeader,
  type PresenceReply,
  ProblemError,
  type UserRooms
} from '@parley/contracts'
import type { Pool } from 'undici'
import { AddressList } from './address-list.ts'
import { ask } from './ask.ts'

export interface HttpApiOptions {
  /** Where instances of conversation-api listen for us. */
  urls: readonly string[]
  secret: string
  /** How long one instance may take to answer, in milliseconds. */
  timeout_ms?: number
}

/** Whether a request that may already have been carried out may be sent again. */
type Repeat = 'safe' | 'only if never carried out'

/**
 * conversation-api over HTTP. A request that fails goes to the next instance where that cannot do a thing twice; when none is left
 * the call rejects with `unavailable`, or with `overloaded` if that is what the last one said.
 *
 * @example
 * const api = createHttpConversationApi({ urls: ['http://10.0.0.7:8011'], secret })
 */
export function createHttpConversationApi(
  options: HttpApiOptions
): ConversationApi & { close(): Promise<void> } {
  const { urls, secret, timeout_ms = 5_000 } = options
  const addresses = new AddressList(urls, {
    connections: 64,
    connect: { timeout: Math.min(timeout_ms, 2_000) },
    headersTimeout: timeout_ms,
    bodyTimeout: timeout_ms
  })

  async function call(path: string, body: unknown, repeat: Repeat, more?: Headers): Promise<Buffer> {
    const payload = JSON.stringify(body)
    const headers = { 'content-type': 'application/json', [internalSecretHeader]: secret, ...more }
    let cause: unknown
    for (const address of addresses.inOrder()) {
      try {
        return await post(address.pool, path, payload, headers)
      } catch (error) {
        addresses.shun(address, wasSilent(error))
        cause = error
        if (repeat === 'only if never carried out' && !wasNeverCarriedOut(error)) break
      }
    }
    const code =
      cause instanceof UnexpectedStatus && cause.code === 'overloaded' ? 'overloaded' : 'unavailable'
    throw Object.assign(new ProblemError(code, { retry_after_ms: 1_000 }), { cause })
  }
  const json = async <T>(path: string, body: unknown, repeat: Repeat, more?: Headers): Promise<T> =>
    JSON.parse((await call(path, body, repeat, more)).toString()) as T

  return {
    authenticate: async (credential) => {
      // A ticket is used up by being looked at.
      const repeat = credential.kind === 'session' ? 'safe' : 'only if never carried out'
      type Reply = { authenticated: Authenticated | null }
      return (await json<Reply>(internalPaths.authenticate, credential, repeat)).authenticated
    },
    execute: (commands) =>
      executeOnce(commands, (some, repeat) =>
        json<CommandResult[]>(internalPaths.execute, some, repeat, some.every(isSend) ? onlySends : undefined)
      ),
    readRooms: async (reads) => decodeRoomPages(await call(internalPaths.readRooms, reads, 'safe')),
    roomsOf: (user_id) => json<UserRooms>(internalPaths.roomsOf, { user_id }, 'safe'),
    beat: (report) => json<BeatReply>(internalPaths.beat, report, 'safe'),
    presence: (report) => json<PresenceReply>(internalPaths.presence, report, 'safe'),
    close: () => addresses.close()
  }
}

type Headers = Readonly<Record<string, string>>

const onlySends: Headers = { [onlySendsHeader]: 'only' }

function isSend({ frame }: Command): boolean {
  return frame.type === 'send'
}

type Execute = (commands: Command[], repeat: Repeat) => Promise<CommandResult[]>

/** Commands that name their intent may be repeated for ever; the others fail when nobody knows what became of them. */
async function executeOnce(commands: Command[], execute: Execute): Promise<CommandResult[]> {
  if (commands.every(isRepeatable)) return execute(commands, 'safe')
  try {
    return await execute(commands, 'only if never carried out')
  } catch (error) {
    const repeatable = commands.filter(isRepeatable)
    // Nothing was carried out where there was no room: to ask again at once would only add to it.
    const noRoom = error instanceof ProblemError && error.code === 'overloaded'
    if (repeatable.length === 0 || noRoom) throw error
    const results = (await execute(repeatable, 'safe')).values()
    return commands.map(
      (command) => (isRepeatable(command) ? results.next().value : undefined) ?? unknownFate()
    )
  }
}

function isRepeatable({ frame }: Command): boolean {
  return frame.type === 'read' || frame.type === 'read_thread' || frame.client_id !== undefined
}

function unknownFate(): CommandResult {
  return { ok: false, code: 'unavailable', extras: { retry_after_ms: 1_000 } }
}

class UnexpectedStatus extends Error {
  readonly status: number
  /** Of the problem that was answered, if it was one. */
  readonly code: unknown
  constructor(path: string, status: number, body: Buffer) {
    super(`${path} answered ${status}`)
    this.name = 'UnexpectedStatus'
    this.status = status
    this.code = codeOf(body)
  }
}

function codeOf(body: Buffer): unknown {
  try {
    return (JSON.parse(body.toString()) as { code?: unknown } | null)?.code
  } catch {
    return undefined
  }
}

async function post(pool: Pool, path: string, body: string, headers: Headers): Promise<Buffer> {
  const answer = await ask(pool, { method: 'POST', path, headers, body })
  if (answer.status !== 200) throw new UnexpectedStatus(path, answer.status, answer.body)
  return answer.body
}

const neverConnected: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT'
])

const timeouts: ReadonlySet<unknown> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT'
])

function wasSilent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && timeouts.has(error.code)
}

/** No connection was made, or the instance said that it is too busy to begin. */
function wasNeverCarriedOut(error: unknown): boolean {
  if (error instanceof UnexpectedStatus) return error.status === 503
  return error instanceof Error && 'code' in error && neverConnected.has(error.code)
}
