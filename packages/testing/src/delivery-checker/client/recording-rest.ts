import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Invoked } from '../history.ts'
import type { HistoryLog } from '../history-log.ts'
import { type Attempt, failedAttempt, type Outcome } from './attempt.ts'
import { operate } from './operate.ts'

export interface RecordingRestOptions {
  log: HistoryLog
  /** Base of the REST addresses, such as `http://127.0.0.1:8000`; asked before each attempt. */
  base: () => string
  random: () => number
  /** How long an operation is tried, in milliseconds. Default 30,000. */
  patience_ms?: number
  /** One attempt. Default 5,000 ms. */
  attempt_ms?: number
}

export interface Account {
  id: string
  username: string
  password: string
}

export interface SignedInSession {
  /** The server's id of it. */
  id: string
  token: string
  user: string
}

interface Request {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  path: string
  token?: string | undefined
  body?: object | undefined
  key?: string | undefined
}

interface Reply {
  status: number
  body: Record<string, unknown>
  retry_after_ms: number | undefined
}

const TEMPORARY = new Set([429, 500, 502, 503, 504])

/** The REST API, recorded. Every mutation carries an `Idempotency-Key` and is repeated under it until its outcome is known. */
export class RecordingRest {
  readonly #options: RecordingRestOptions

  constructor(options: RecordingRestOptions) {
    this.#options = options
  }

  /** Not part of the history: what is in it needs users first. Throws where it does not work. */
  async register(username: string, password: string): Promise<Account> {
    const reply = await this.#call({ method: 'POST', path: '/auth/register/', body: { username, password } })
    const user = reply.body.user as { id: string } | undefined
    if (reply.status !== 201 || !user)
      throw new Error(`register: ${reply.status} ${JSON.stringify(reply.body)}`)
    return { id: user.id, username, password }
  }

  /** A session of one's own, for a client that sends bearer tokens. Throws where it does not work within the patience. */
  async login({ id: user, username, password }: Account): Promise<SignedInSession> {
    const { log } = this.#options
    let token = ''
    const outcome = await this.#operate(
      { kind: 'login', user, via: 'rest' },
      { method: 'POST', path: '/auth/token/', body: { username, password } },
      ({ body }) => {
        token = String(body.token)
        return { outcome: 'ok' }
      }
    )
    if (outcome.type !== 'ok') throw new Error(`login: ${outcome.code}`)
    for (const deadline = log.now() + 30_000; ; ) {
      const reply = await this.#call({ method: 'GET', path: '/auth/sessions/', token }).catch(() => undefined)
      const items = (reply?.body.items ?? []) as { id: string; current: boolean }[]
      const mine = items.find(({ current }) => current)
      if (mine) {
        log.record({ type: 'signed_in', user, session: mine.id })
        return { id: mine.id, token, user }
      }
      if (log.now() > deadline) throw new Error(`login: no session ${reply?.status}`)
    }
  }

  /** Whether this is the account's password; not part of the history. Tried until it is known. */
  async opens({ username }: Account, password: string): Promise<boolean> {
    for (;;) {
      const request = { method: 'POST', path: '/auth/token/', body: { username, password } } as const
      const reply = await this.#call(request).catch(() => undefined)
      if (reply && !TEMPORARY.has(reply.status)) return reply.status < 300
      await delay(500)
    }
  }

  logout(session: SignedInSession): Promise<Outcome> {
    const { id, token, user } = session
    return this.#operate(
      { kind: 'logout', user, session: id, subject: id, via: 'rest' },
      { method: 'POST', path: '/auth/logout/', token },
      () => ({ outcome: 'ok' })
    )
  }

  /** Ends another session of the same user. */
  revoke(session: SignedInSession, other: string): Promise<Outcome> {
    const { id, token, user } = session
    return this.#operate(
      { kind: 'revoke', user, session: id, subject: other, via: 'rest' },
      { method: 'DELETE', path: `/auth/sessions/${other}/`, token },
      () => ({ outcome: 'ok' })
    )
  }

  /** Ends every other session of the account. Not repeated: the old password may be none any more. */
  changePassword(session: SignedInSession, current_password: string, new_password: string): Promise<Outcome> {
    const { user, token } = session
    return this.#operate(
      { ...this.#by(session, 'password'), subject: user },
      { method: 'POST', path: '/auth/password/', token, body: { current_password, new_password } },
      () => ({ outcome: 'ok' })
    )
  }

  /** A group; its id and head are in the outcome. */
  create(session: SignedInSession, member_ids: string[]): Promise<Outcome> {
    return this.#operate(
      this.#by(session, 'create'),
      { method: 'POST', path: '/conversations/', token: session.token, body: { member_ids } },
      ({ body }) => ({ outcome: 'ok', conversation: String(body.id), seq: Number(body.head) })
    )
  }

  add(session: SignedInSession, conversation: string, subject: string): Promise<Outcome> {
    return this.#operate(
      { ...this.#by(session, 'add'), conversation, subject },
      {
        method: 'POST',
        path: `/conversations/${conversation}/members/`,
        token: session.token,
        body: { user_id: subject }
      },
      ({ body }) => ({ outcome: 'ok', seq: Number(body.joined_seq) })
    )
  }

  remove(session: SignedInSession, conversation: string, subject: string): Promise<Outcome> {
    return this.#operate(
      { ...this.#by(session, 'remove'), conversation, subject },
      { method: 'DELETE', path: `/conversations/${conversation}/members/${subject}/`, token: session.token },
      () => ({ outcome: 'ok' })
    )
  }

  send(session: SignedInSession, conversation: string, body: string): Promise<Outcome> {
    return this.#operate(
      { ...this.#by(session, 'send'), conversation, body, client_id: randomUUID() },
      {
        method: 'POST',
        path: `/conversations/${conversation}/messages/`,
        token: session.token,
        body: { body }
      },
      ({ status, body: message }) => ({
        outcome: 'ok',
        seq: Number(message.seq),
        message: String(message.id),
        replay: status === 200
      })
    )
  }

  delete(session: SignedInSession, conversation: string, message: string): Promise<Outcome> {
    return this.#operate(
      { ...this.#by(session, 'delete'), conversation, message },
      { method: 'DELETE', path: `/conversations/${conversation}/messages/${message}/`, token: session.token },
      () => ({ outcome: 'ok', message })
    )
  }

  get(session: SignedInSession, conversation: string, message: string): Promise<Outcome> {
    return this.#operate(
      { ...this.#by(session, 'get'), conversation, message },
      { method: 'GET', path: `/conversations/${conversation}/messages/${message}/`, token: session.token },
      ({ body }) => ({ outcome: 'ok', message, seq: Number(body.seq), body: body.body as string | null })
    )
  }

  #by({ user, id }: SignedInSession, kind: Invoked['kind']) {
    return { kind, user, session: id, via: 'rest' } as const
  }

  async #operate(
    intent: Omit<Invoked, 'at' | 'type' | 'op'>,
    request: Request,
    read: (reply: Reply) => Attempt
  ): Promise<Outcome> {
    const { log, random, patience_ms = 30_000 } = this.#options
    const key = request.method === 'GET' ? undefined : (intent.client_id ?? randomUUID())
    const again = intent.kind !== 'logout' && intent.kind !== 'password'
    return await operate(log, intent, () => this.#attempt({ ...request, key }, read), {
      patience_ms,
      random,
      again
    })
  }

  async #attempt(request: Request, read: (reply: Reply) => Attempt): Promise<Attempt> {
    try {
      const reply = await this.#call(request)
      if (reply.status < 300) return read(reply)
      const code = typeof reply.body.code === 'string' ? reply.body.code : `status_${reply.status}`
      return failedAttempt(code, TEMPORARY.has(reply.status), reply.retry_after_ms)
    } catch (error) {
      return { outcome: 'maybe', code: error instanceof Error ? error.name : 'network' }
    }
  }

  async #call({ method, path, token, body, key }: Request): Promise<Reply> {
    const { base, attempt_ms = 5_000 } = this.#options
    const headers: Record<string, string> = {}
    if (token) headers.authorization = `Bearer ${token}`
    if (key) headers['idempotency-key'] = key
    if (body) headers['content-type'] = 'application/json'
    const response = await fetch(`${base()}/messaging/api${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(attempt_ms),
      ...(body ? { body: JSON.stringify(body) } : {})
    })
    const text = await response.text()
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
    return {
      status: response.status,
      body: parse(text),
      retry_after_ms: Number.isNaN(seconds) ? undefined : seconds * 1_000
    }
  }
}

/** An empty object for nothing, and for what is no JSON (a gate's error page). */
function parse(text: string): Record<string, unknown> {
  try {
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
  } catch {
    return {}
  }
}
