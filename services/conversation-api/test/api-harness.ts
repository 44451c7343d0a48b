import { decodeControl, type User, type UserControl } from '@parley/contracts'
import { createMemoryEventBus } from '@parley/event-bus'
import { createLogger } from '@parley/service-kit'
import { waitUntil } from '@parley/testing'
import type { InjectOptions } from 'fastify'
import { insertAccount } from '../src/accounts/account-store.ts'
import { insertSession } from '../src/accounts/session-store.ts'
import { buildApp } from '../src/app.ts'
import type { AppConfig } from '../src/config.ts'
import { database } from './core-harness.ts'

/** Where the tests' browsers come from. */
export const ORIGIN = 'https://chat.example.org'

type Method = NonNullable<InjectOptions['method']>

interface Teardown {
  teardown(end: () => unknown): void
}

/** The whole service on a database of the test's own, called without a listener. */
export async function api(t: Teardown, overrides: Partial<AppConfig> = {}) {
  const { db, url, pool } = await database(t)
  const bus = createMemoryEventBus()
  t.teardown(() => bus.close())
  /** What gateways were told about users. */
  const controls: { user_id: string; control: UserControl | undefined }[] = []
  bus.subscribe('user.*', (payload, subject) => {
    controls.push({ user_id: subject.slice('user.'.length), control: decodeControl(payload) })
  })
  /** Every line the service logged. */
  const logs: string[] = []

  /** Waits for what gateways are told by `work`, so many times, and returns it. */
  async function toldBy(count: number, work: () => Promise<unknown>) {
    const seen = controls.length
    await work()
    await waitUntil(() => controls.length >= seen + count, { message: `${count} controls` })
    return controls.slice(seen)
  }

  const built = await buildApp({
    config: {
      PORT: 8001,
      DATABASE_URL: url,
      INTERNAL_SECRET: 'a secret for tests only',
      ALLOWED_ORIGINS: [ORIGIN],
      RATE_LIMITS: 'on',
      ...overrides
    },
    bus,
    logger: createLogger({ name: 'test', level: 'trace', stream: { write: (line) => void logs.push(line) } })
  })
  t.teardown(() => built.app.close())
  await built.app.ready()

  async function call(method: Method, path: string, payload?: unknown, headers: Record<string, string> = {}) {
    const reply = await built.app.inject({
      method,
      url: path.startsWith('/') ? path : `/messaging/api/${path}`,
      headers,
      ...(payload === undefined ? {} : { payload: payload as object })
    })
    const json = reply.headers['content-type']?.toString().includes('json') ? reply.json() : undefined
    return { status: reply.statusCode, headers: reply.headers, text: reply.body, body: json }
  }

  /** Someone signed in, without the cost of hashing a password. */
  async function person(username: string) {
    const password_hash = 'none'
    const user = await insertAccount(db, { username, display_name: username.toUpperCase(), password_hash })
    const session = await insertSession(db, { user, password_hash }, 'test')
    if (!session) throw new Error('no session')
    return { user, ...caller({ authorization: `Bearer ${session.token}` }), token: session.token }
  }

  /** Calls as whoever these headers sign in. */
  function caller(own: Record<string, string>) {
    const as =
      (method: Method) =>
      (path: string, payload?: unknown, headers: Record<string, string> = {}) =>
        call(method, path, payload, { ...own, ...headers })
    return {
      get: (path: string, headers: Record<string, string> = {}) => as('GET')(path, undefined, headers),
      post: as('POST'),
      put: as('PUT'),
      patch: as('PATCH'),
      delete: as('DELETE')
    }
  }

  /** I1: the numbers of messages and changes are exactly 1..last_seq, for every conversation. */
  async function sparseLines(): Promise<string[]> {
    const { rows } = await pool.query<{ id: string }>(`
      select c.id from conversations c left join (
        select conversation_id, seq from messages union all select conversation_id, seq from changes
      ) line on line.conversation_id = c.id
      group by c.id, c.last_seq
      having count(line.seq) <> c.last_seq or count(distinct line.seq) <> c.last_seq
        or coalesce(min(line.seq), 1) <> 1 or coalesce(max(line.seq), 0) <> c.last_seq`)
    return rows.map(({ id }) => id)
  }

  return { ...built, db, pool, bus, url, controls, logs, toldBy, call, caller, person, sparseLines }
}

export type Api = Awaited<ReturnType<typeof api>>
export type Person = Awaited<ReturnType<Api['person']>>

/** The users' ids, for bodies and comparisons. */
export function idsOf(...people: { user: User }[]): string[] {
  return people.map(({ user }) => user.id)
}
