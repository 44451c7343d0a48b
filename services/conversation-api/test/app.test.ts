import { createMemoryEventBus } from '@parley/event-bus'
import { allowedOrigins, createLogger } from '@parley/service-kit'
import t from 'tap'
import { TokenBuckets } from '../src/plugins/token-buckets.ts'
import { buildApp } from '../src/app.ts'
import { api, ORIGIN } from './api-harness.ts'

const service = await api(t)
const { call, app, pool } = service
const alice = await service.person('alice')
const room = (await alice.post('conversations/')).body
const cookie = `parley_session=${alice.token}`

t.test('SEC-ORIGIN a change asked for by another site is refused', async (t) => {
  const bearer = { authorization: `Bearer ${alice.token}` }
  const cases: [string, Record<string, string>, number][] = [
    ['own', { cookie, origin: ORIGIN }, 201],
    ['evil', { cookie, origin: 'https://evil.example' }, 403],
    ['null', { cookie, origin: 'null' }, 403],
    ['suffix', { cookie, origin: `${ORIGIN}.evil.example` }, 403],
    ['prefix', { cookie, origin: 'https://evil-chat.example.org' }, 403],
    ['subdomain', { cookie, origin: 'https://a.chat.example.org' }, 403],
    ['port', { cookie, origin: `${ORIGIN}:8443` }, 403],
    ['scheme', { cookie, origin: ORIGIN.replace('https', 'http') }, 403],
    ['slash', { cookie, origin: `${ORIGIN}/` }, 403],
    ['case', { cookie, origin: ORIGIN.toUpperCase() }, 403],
    ['two', { cookie, origin: `${ORIGIN}, https://evil.example` }, 403],
    ['empty', { cookie, origin: '' }, 403],
    ['missing with cookie', { cookie }, 403],
    ['missing with a worthless cookie', { cookie: 'parley_session=x' }, 403],
    ['missing with bearer', bearer, 201],
    ['missing with bearer and cookie', { ...bearer, cookie }, 201],
    ['missing with basic and cookie', { authorization: 'Basic eDp5', cookie }, 403],
    ['evil with bearer', { ...bearer, origin: 'https://evil.example' }, 403],
    ['missing without anything', {}, 401]
  ]
  for (const [name, headers, status] of cases) {
    const reply = await call('POST', 'conversations/', undefined, headers)
    t.equal(reply.status, status, name)
    if (status === 403) t.equal(reply.body.code, 'origin_forbidden')
  }
  const path = `conversations/${room.id}/`
  const evil = { cookie, origin: 'https://evil.example' }
  for (const method of ['PATCH', 'PUT', 'DELETE'] as const) {
    t.equal((await call(method, path, undefined, evil)).status, 403, method)
  }
  t.equal((await call('POST', 'auth/login/', { username: 'a', password: 'b' }, evil)).status, 403, 'login')
  t.equal((await call('POST', '/api/login/', { username: 'a', password: 'b' }, evil)).status, 403, 'login')
  t.equal((await call('GET', path, undefined, evil)).status, 200, 'reading is not changing')
})

t.test('SEC-ORIGIN the list: what is configured, or this machine; and the public address', async (t) => {
  const config = { PORT: 8000, DATABASE_URL: '', INTERNAL_SECRET: '', RATE_LIMITS: 'on' as const }
  t.strictSame(
    [...allowedOrigins(config)],
    ['http://localhost:8000', 'http://127.0.0.1:8000', 'http://[::1]:8000']
  )
  t.strictSame(
    [
      ...allowedOrigins({
        ...config,
        ALLOWED_ORIGINS: ['https://a.example'],
        PUBLIC_URL: 'https://b.example/chat'
      })
    ],
    ['https://a.example', 'https://b.example']
  )
})

t.test('SEC-JSON is the only kind of body', async (t) => {
  const own = { authorization: `Bearer ${alice.token}` }
  const form = 'application/x-www-form-urlencoded'
  const cases: [string | undefined, string, number, string?][] = [
    ['application/json', '{"kind":"group"}', 201],
    ['application/json; charset=utf-8', '{}', 201],
    ['application/json', '', 201],
    [form, '', 201],
    ['text/plain', '{}', 415, 'unsupported_media_type'],
    [form, 'kind=group', 415, 'unsupported_media_type'],
    ['multipart/form-data; boundary=x', '--x--', 415, 'unsupported_media_type'],
    ['nonsense', '{}', 415, 'unsupported_media_type'],
    ['application/json', '{"kind":', 400, 'invalid_json'],
    ['application/json', '{"__proto__":{"kind":"group"}}', 400, 'invalid_json'],
    ['application/json', '{"constructor":{"prototype":{}}}', 400, 'invalid_json'],
    ['application/json', '[]', 400, 'validation_failed'],
    ['application/json', 'null', 400, 'validation_failed'],
    ['application/json', `{"title":"${'x'.repeat(300_000)}"}`, 413, 'payload_too_large']
  ]
  for (const [type, payload, status, code] of cases) {
    const headers = { ...own, ...(type ? { 'content-type': type } : {}) }
    const reply = await call('POST', 'conversations/', payload, headers)
    t.equal(reply.status, status, `${type} ${payload.slice(0, 30)}`)
    if (code) t.match(reply, { body: { code }, headers: { 'content-type': /^application\/problem\+json/ } })
  }
})

t.test('bad input gets its status and changes nothing', async (t) => {
  const bob = await service.person('bob')
  const theirs = (await bob.post('conversations/', { title: 'theirs' })).body
  const unknown = '01890000-0000-7000-8000-000000000000'
  const sent = (await alice.post(`conversations/${room.id}/messages/`, { body: 'hello' })).body
  const count = `select (select sum(last_seq) from conversations) as seqs, (select count(*) from requests) as keys`
  const before = (await pool.query(count)).rows
  const cases: [
    keyof typeof alice & ('get' | 'post' | 'put' | 'patch' | 'delete'),
    string,
    unknown,
    number,
    string
  ][] = [
    ['post', `conversations/${room.id}/messages/`, {}, 400, 'validation_failed'],
    ['post', `conversations/${room.id}/messages/`, { body: '' }, 400, 'validation_failed'],
    ['post', `conversations/${room.id}/messages/`, { body: ' \n\t ' }, 400, 'validation_failed'],
    ['post', `conversations/${room.id}/messages/`, { body: 'x'.repeat(16_001) }, 400, 'validation_failed'],
    ['post', `conversations/${room.id}/messages/`, { body: 5 }, 400, 'validation_failed'],
    ['post', `conversations/${room.id}/messages/`, { body: 'x', extra: 1 }, 400, 'validation_failed'],
    ['post', `conversations/${room.id}/messages/`, { body: 'a\u0000b' }, 400, 'validation_failed'],
    [
      'post',
      `conversations/${room.id}/messages/`,
      { body: 'x', reply_to_id: unknown },
      400,
      'validation_failed'
    ],
    ['post', `conversations/${theirs.id}/messages/`, { body: 'x' }, 404, 'not_found'],
    ['post', `conversations/${unknown}/messages/`, { body: 'x' }, 404, 'not_found'],
    ['post', 'conversations/1/messages/', { body: 'x' }, 404, 'not_found'],
    ['get', `conversations/${theirs.id}/`, undefined, 404, 'not_found'],
    ['get', `conversations/${unknown}/`, undefined, 404, 'not_found'],
    ['get', 'conversations/nonsense/', undefined, 404, 'not_found'],
    ['get', `conversations/${theirs.id}/messages/`, undefined, 404, 'not_found'],
    ['get', `conversations/${theirs.id}/members/`, undefined, 404, 'not_found'],
    ['get', `conversations/${theirs.id}/changes/`, undefined, 404, 'not_found'],
    ['get', `conversations/${room.id}/messages/${unknown}/`, undefined, 404, 'not_found'],
    ['get', `conversations/${theirs.id}/messages/${sent.id}/`, undefined, 404, 'not_found'],
    ['get', 'conversations/?limit=0', undefined, 400, 'validation_failed'],
    ['get', 'conversations/?limit=201', undefined, 400, 'validation_failed'],
    ['get', 'conversations/?limit=x', undefined, 400, 'validation_failed'],
    ['get', 'conversations/?cursor=nonsense', undefined, 400, 'validation_failed'],
    ['get', 'conversations/?page=2', undefined, 400, 'validation_failed'],
    ['get', `conversations/${room.id}/members/?cursor=WzEsMl0`, undefined, 400, 'validation_failed'],
    ['get', 'notifications/?cursor=WzEsMl0', undefined, 400, 'validation_failed'],
    ['post', 'conversations/', { title: '' }, 400, 'validation_failed'],
    ['post', 'conversations/', { title: 'x'.repeat(201) }, 400, 'validation_failed'],
    ['post', 'conversations/', { kind: 'channel' }, 400, 'validation_failed'],
    ['post', 'conversations/', { member_ids: 'all' }, 400, 'validation_failed'],
    ['post', 'conversations/', { member_ids: [unknown] }, 400, 'validation_failed'],
    ['post', 'conversations/', { member_ids: [bob.user.id, bob.user.id] }, 400, 'validation_failed'],
    ['post', 'conversations/', { kind: 'direct' }, 400, 'validation_failed'],
    ['post', 'conversations/', { kind: 'direct', member_ids: [alice.user.id] }, 400, 'validation_failed'],
    [
      'post',
      'conversations/',
      { kind: 'direct', title: 'x', member_ids: [bob.user.id] },
      400,
      'validation_failed'
    ],
    ['patch', `conversations/${room.id}/`, {}, 400, 'validation_failed'],
    ['patch', `conversations/${room.id}/`, undefined, 400, 'validation_failed'],
    ['patch', `conversations/${theirs.id}/`, { title: 'x' }, 404, 'not_found'],
    ['delete', `conversations/${theirs.id}/`, undefined, 404, 'not_found'],
    ['post', `conversations/${room.id}/members/`, { user_id: unknown }, 400, 'validation_failed'],
    ['post', `conversations/${room.id}/members/`, { user_id: 'x' }, 400, 'validation_failed'],
    [
      'post',
      `conversations/${room.id}/members/`,
      { user_id: bob.user.id, role: 'king' },
      400,
      'validation_failed'
    ],
    ['post', `conversations/${theirs.id}/members/`, { user_id: alice.user.id }, 404, 'not_found'],
    ['delete', `conversations/${room.id}/members/${bob.user.id}/`, undefined, 404, 'not_found'],
    ['post', 'notifications/read/', { conversation_id: theirs.id }, 404, 'not_found'],
    ['get', 'users/', undefined, 400, 'validation_failed'],
    ['get', 'users/?q=', undefined, 400, 'validation_failed'],
    ['get', `users/${unknown}/`, undefined, 404, 'not_found'],
    ['get', 'users/nonsense/', undefined, 404, 'not_found'],
    ['get', 'nowhere/', undefined, 404, 'not_found'],
    ['put', 'conversations/', {}, 405, 'method_not_allowed']
  ]
  for (const [method, path, payload, status, code] of cases) {
    const reply = method === 'get' ? await alice.get(path) : await alice[method](path, payload)
    t.match(
      reply,
      { status, body: { code, status } },
      `${method} ${path} ${JSON.stringify(payload)?.slice(0, 40)}`
    )
    t.match(reply.headers, { 'content-type': /^application\/problem\+json/, 'cache-control': 'no-store' })
  }
  for (const key of ['', 'a b', 'ü', 'x'.repeat(201)]) {
    const reply = await alice.post('conversations/', {}, { 'idempotency-key': key })
    t.match(reply, { status: 400, body: { code: 'validation_failed' } }, `key ${key.slice(0, 5)}`)
  }
  t.strictSame((await pool.query(count)).rows, before)

  const message = `conversations/${room.id}/messages/${sent.id}/`
  t.equal((await alice.delete(message)).status, 204)
  const seq = (await alice.get(`conversations/${room.id}/`)).body.head
  t.equal((await alice.delete(message)).status, 204, 'a tombstone stays one')
  t.match(await alice.patch(message, { body: 'x' }), { status: 409, body: { code: 'message_deleted' } })
  t.equal((await alice.get(`conversations/${room.id}/`)).body.head, seq)
  t.strictSame(await service.sparseLines(), [])
})

t.test('SEC-ANONYMOUS nobody gets past 401, whatever the path names', async (t) => {
  for (const path of [
    'auth/me/',
    'conversations/',
    `conversations/${room.id}/`,
    'users/?q=a',
    '/api/chats/'
  ]) {
    const reply = await call('GET', path)
    t.match(reply, {
      status: 401,
      body: { code: 'unauthenticated' },
      headers: { 'cache-control': 'no-store' }
    })
  }
  t.equal((await call('POST', 'conversations/', { nonsense: 1 })).status, 401, 'before anything is looked at')
})

t.test('SEC-HEADERS', async (t) => {
  const reply = await alice.get('auth/me/')
  t.match(reply.headers, {
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store'
  })
  t.notOk(reply.headers['x-powered-by'])
  t.notOk(reply.headers['strict-transport-security'])
})

t.test('sends over REST have a rate', async (t) => {
  const carol = await service.person('carol')
  const { id } = (await carol.post('conversations/')).body
  const replies = []
  for (let n = 0; n < 60; n++) replies.push(carol.post(`conversations/${id}/messages/`, { body: `${n}` }))
  const refused = (await Promise.all(replies)).filter(({ status }) => status === 429)
  t.ok(refused.length > 0 && refused.length <= 20, `${refused.length} refused`)
  t.match(refused[0], { body: { code: 'rate_limited' }, headers: { 'retry-after': '1' } })

  const buckets = new TokenBuckets({ per_second: 20, burst: 40 })
  for (let n = 0; n < 40; n++) t.equal(buckets.take('a', 0), 0)
  t.equal(buckets.take('a', 0), 50)
  t.equal(buckets.take('b', 0), 0, 'each for itself')
  t.ok(buckets.take('a', 48) > 0)
  t.equal(buckets.take('a', 51), 0)
  t.equal(buckets.take('a', 60_000), 0)
})

t.test('users are found by the beginning of their names', async (t) => {
  const found = async (q: string) =>
    (await alice.get(`users/?q=${encodeURIComponent(q)}`)).body.items.map(
      (user: { username: string }) => user.username
    )
  const zoe = await service.person('zoe_1')
  await service.person('zoex1')
  t.strictSame(await found('ZOE'), ['zoe_1', 'zoex1'])
  t.strictSame(await found('zoe_'), ['zoe_1'], 'wildcards are letters')
  t.strictSame(await found('%'), [])
  t.strictSame(await found('\u0000'), [])
  t.strictSame((await alice.get(`users/${zoe.user.id}/`)).body, zoe.user)
  await pool.query(`update users set disabled_at = now() where username = 'zoex1'`)
  t.strictSame(await found('zoe'), ['zoe_1'])
})

t.test('health, readiness, metrics', async (t) => {
  t.equal((await call('GET', '/healthz')).status, 200)
  t.match(await call('GET', '/readyz'), {
    status: 200,
    body: { status: 'ok', checks: { database: 'ok', bus: 'ok' } }
  })
  t.match((await call('GET', '/metrics')).text, /# TYPE/)

  const bus = createMemoryEventBus()
  await bus.close()
  const config = {
    PORT: 0,
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    INTERNAL_SECRET: 'a secret for tests only',
    RATE_LIMITS: 'on' as const
  }
  const lost = await buildApp({ config, bus, logger: createLogger({ name: 'test', level: 'silent' }) })
  t.teardown(() => lost.app.close())
  const reply = await lost.app.inject('/readyz')
  t.equal(reply.statusCode, 503)
  t.match(reply.json(), { status: 'unavailable', checks: { database: 'failed', bus: 'degraded' } })
  t.equal((await lost.app.inject('/healthz')).statusCode, 200)
  const login = {
    method: 'POST',
    url: '/messaging/api/auth/login/',
    payload: { username: 'a', password: 'b' }
  } as const
  const signedIn = { url: '/messaging/api/auth/me/', headers: { authorization: `Bearer ${alice.token}` } }
  for (const request of [login, signedIn]) {
    const refused = await lost.app.inject(request)
    t.match(refused.json(), { status: 503, code: 'unavailable' })
    t.equal(refused.headers['retry-after'], '1')
  }
})

t.test('SEC-INTERNAL the port for gateways is not on the public listener and wants the secret', async (t) => {
  t.equal((await call('POST', '/internal/rooms-of', { user_id: alice.user.id })).status, 404)
  const ask = (headers: Record<string, string>) =>
    service.internal.inject({
      method: 'POST',
      url: '/internal/rooms-of',
      payload: { user_id: alice.user.id },
      headers
    })
  t.equal((await ask({})).statusCode, 401)
  t.equal((await ask({ 'x-parley-internal': 'a secret for tests only' })).statusCode, 200)
  t.equal(app.hasRoute({ method: 'POST', url: '/internal/rooms-of' }), false)
})

t.test('SEC-LOGS carry no bodies, passwords or tokens, at any level', async (t) => {
  const canary = 'canary-in-a-coal-mine'
  const credentials = { username: 'dora', password: canary }
  const cookies = await call('POST', 'auth/register/', credentials)
  await call('POST', 'auth/login/', { ...credentials, password: `${canary}!` })
  const { body } = await call('POST', 'auth/token/', credentials)
  const dora = service.caller({ authorization: `Bearer ${body.token}` })
  const { id } = (await dora.post('conversations/', { title: canary })).body
  await dora.post(`conversations/${id}/messages/`, { body: canary })
  await dora.post(`conversations/${id}/messages/`, { body: canary, extra: canary })
  await dora.get(`conversations/?cursor=${canary}`)
  const { ticket } = (await dora.post('auth/ticket/')).body
  await dora.get(`users/?q=${ticket}`)
  await pool.query('alter table reactions rename to gone')
  t.equal((await dora.post(`conversations/${id}/messages/`, { body: canary, reply_to_id: id })).status, 400)
  t.equal((await dora.get(`conversations/${id}/messages/?before=5`)).status, 500)
  await pool.query('alter table gone rename to reactions')
  const text = service.logs.join('')
  t.match(text, /request failed/, 'failures are logged')
  t.match(text, /request completed/)
  const [session = ''] = [cookies.headers['set-cookie'] ?? []].flat()
  for (const secret of [canary, body.token, ticket, session.split(/[=;]/)[1] ?? 'missing']) {
    t.notOk(text.includes(secret), 'not in the logs')
  }
})
