import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ProblemError } from '@parley/contracts'
import t from 'tap'
import { enableAccount } from '../../src/accounts/disable-account.ts'
import { createPasswordHasher } from '../../src/accounts/password-hasher.ts'
import { authenticateToken, redeemTicket } from '../../src/accounts/session-store.ts'
import { throttleAddress } from '../../src/accounts/throttle-address.ts'
import { createWorkQueue } from '../../src/accounts/work-queue.ts'
import { type Api, api, ORIGIN } from '../api-harness.ts'

const password = 'correct horse battery'
const service = await api(t)
const { call, caller, pool, controls } = service

/** What the gateways were told about one user. */
function toldOf({ body }: { body: { user: { id: string } } }) {
  return controls.filter(({ user_id }) => user_id === body.user.id).map(({ control }) => control)
}

/** A browser's cookies and Origin. */
function browser(cookie: string) {
  return { cookie, origin: ORIGIN }
}

function cookieOf(reply: Awaited<ReturnType<Api['call']>>): string {
  const [set] = [reply.headers['set-cookie'] ?? []].flat()
  return set?.split(';', 1)[0] ?? ''
}

t.test('an account: register, me, logout, login', async (t) => {
  const registered = await call('POST', 'auth/register/', { username: 'Alice', password, display_name: 'Alice A.' })
  t.equal(registered.status, 201)
  t.match(registered.body, { user: { username: 'Alice', display_name: 'Alice A.' } })
  t.strictSame(Object.keys(registered.body.user).sort(), ['display_name', 'id', 'username'])

  const alice = caller(browser(cookieOf(registered)))
  const me = await alice.get('auth/me')
  t.match(me, { status: 200, headers: { 'cache-control': 'no-store' } })
  t.strictSame(me.body, registered.body)

  const out = await alice.post('auth/logout/')
  t.equal(out.status, 204)
  t.match(out.headers['set-cookie'], /^parley_session=;.*(Max-Age=0|Expires=Thu, 01 Jan 1970)/)
  t.match(await alice.get('auth/me/'), { status: 401, body: { code: 'unauthenticated' } })

  const back = await call('POST', 'auth/login', { username: 'aLICE', password })
  t.match(back, { status: 200, body: registered.body })
  t.equal((await caller(browser(cookieOf(back))).get('auth/me/')).status, 200)
})

t.test('what cannot be an account', async (t) => {
  await call('POST', 'auth/register/', { username: 'taken', password })
  const cases: [object, number, string, string?][] = [
    [{ username: 'TAKEN', password }, 409, 'username_taken'],
    [{ username: 'bob', password: 'short' }, 400, 'validation_failed', '/password'],
    [{ username: 'bob', password: 'ÄÖÜ' }, 400, 'validation_failed', '/password'],
    [{ username: 'bob', password: 'ü'.repeat(1000) }, 400, 'validation_failed', '/password'],
    [{ username: 'bob', password: 'Password123' }, 400, 'validation_failed', '/password'],
    [{ username: 'longusername', password: 'LongUserName' }, 400, 'validation_failed', '/password'],
    [{ username: '-bob', password }, 400, 'validation_failed', '/username'],
    [{ username: 'b b', password }, 400, 'validation_failed', '/username'],
    [{ username: 'b\u0000', password }, 400, 'validation_failed', '/username'],
    [{ username: 'bob', password, display_name: ' ' }, 400, 'validation_failed', '/display_name'],
    [{ username: 'bob', password, admin: true }, 400, 'validation_failed', '/admin'],
    [{ username: 'bob' }, 400, 'validation_failed', '/password'],
    [{ username: ['bob'], password }, 400, 'validation_failed', '/username']
  ]
  for (const [body, status, code, pointer] of cases) {
    const reply = await call('POST', 'auth/register/', body)
    const errors = pointer === undefined ? {} : { errors: [{ pointer }] }
    t.match(reply, { status, body: { code, ...errors } }, JSON.stringify(body).slice(0, 60))
  }
})

t.test('SEC-PASSWORDS are argon2id of 19 MiB, two passes, and nobody but the hash knows them', async (t) => {
  await call('POST', 'auth/register/', { username: 'ada', password })
  const { rows } = await pool.query<{ password_hash: string }>(`select password_hash from users where username = 'ada'`)
  t.match(rows[0]?.password_hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  const hasher = createPasswordHasher({ waiting: 1 })
  const phc = await hasher.hash('x')
  t.not(await hasher.hash('x'), phc, 'salted')
  t.equal(await hasher.verify('x', phc), true)
  t.equal(await hasher.verify('y', phc), false)
})

t.test('SEC-PASSWORDS an unknown user costs a hash too', async (t) => {
  const hasher = createPasswordHasher({ waiting: 1 })
  const phc = await hasher.hash('x')
  const time = async (stored: string | undefined) => {
    const times = []
    for (let n = 0; n < 5; n++) {
      const begin = performance.now()
      t.equal(await hasher.verify('y', stored), false)
      times.push(performance.now() - begin)
    }
    return Math.min(...times)
  }
  const [known, unknown] = [await time(phc), await time(undefined)]
  t.ok(unknown > known / 2, `${unknown} ms against ${known} ms`)
})

t.test('SEC-PASSWORDS are hashed two at a time, and the line is short', async (t) => {
  const queue = createWorkQueue({ concurrency: 2, waiting: 1 })
  const gates = [0, 1, 2].map(() => Promise.withResolvers<number>())
  let running = 0
  let most = 0
  const done = gates.map(({ promise }) =>
    queue(async () => {
      most = Math.max(most, ++running)
      const value = await promise
      running--
      return value
    })
  )
  await t.rejects(
    queue(async () => 3),
    new ProblemError('rate_limited', { retry_after_ms: 1_000 })
  )
  for (const [n, gate] of gates.entries()) gate.resolve(n)
  t.strictSame(await Promise.all(done), [0, 1, 2])
  t.equal(most, 2)
  t.equal(await queue(async () => 4), 4, 'and it goes on')
  await t.rejects(queue(() => Promise.reject(new Error('no'))))
  t.strictSame(await Promise.all([0, 1, 2].map((n) => queue(async () => n))), [0, 1, 2], 'also after a failure')
})

t.test('SEC-COOKIE flags, with and without TLS', async (t) => {
  const over = await api(t, { PUBLIC_URL: 'https://chat.example.org' })
  const registration = { username: 'amy', password }
  const [one] = [(await call('POST', 'auth/register', registration)).headers['set-cookie'] ?? []].flat()
  t.match(one, /^parley_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/)
  const reply = await over.call('POST', 'auth/register', registration)
  const [two] = [reply.headers['set-cookie'] ?? []].flat()
  t.match(two, /^__Host-parley_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  t.match(reply.headers['strict-transport-security'], /max-age=31536000/)
  const token = cookieOf(reply).split('=')[1]
  t.equal((await over.call('GET', 'auth/me', undefined, { cookie: cookieOf(reply) })).status, 200)
  t.equal(
    (await over.call('GET', 'auth/me', undefined, { cookie: `parley_session=${token}` })).status,
    401,
    'a cookie of another name is not looked at'
  )
})

t.test('SEC-SESSION is opaque, stored hashed, rotated at login', async (t) => {
  const first = await call('POST', 'auth/register', { username: 'ann', password })
  const token = cookieOf(first).split('=')[1] ?? ''
  const { rows } = await pool.query('select id, token_hash, user_agent from sessions where user_id = $1', [first.body.user.id])
  t.strictSame(rows[0].token_hash, createHash('sha256').update(token).digest())
  t.notOk(JSON.stringify(rows).includes(token))

  const second = await call('POST', 'auth/login', { username: 'ann', password }, browser(cookieOf(first)))
  t.equal(second.status, 200)
  t.not(cookieOf(second), cookieOf(first))
  t.equal((await call('GET', 'auth/me', undefined, { cookie: cookieOf(first) })).status, 401)
  t.equal((await call('GET', 'auth/me', undefined, { cookie: cookieOf(second) })).status, 200)
  t.strictSame(toldOf(first), [{ type: 'session_ended', session_id: rows[0].id }])
})

t.test('bearer tokens and tickets', async (t) => {
  await call('POST', 'auth/register', { username: 'anna', password })
  const reply = await call('POST', 'auth/token/', { username: 'anna', password })
  t.match(reply, { status: 200, body: { user: { username: 'anna' } } })
  t.notOk(reply.headers['set-cookie'])
  const { token } = reply.body
  const anna = caller({ authorization: `Bearer ${token}` })
  t.equal((await anna.get('auth/me/')).status, 200)
  t.match(await authenticateToken(pool, token), { user: reply.body.user, rooms_version: 0 })
  t.equal(await authenticateToken(pool, 'x'.repeat(43)), null)
  t.equal(await authenticateToken(pool, 'short'), null)

  const { body } = await anna.post('auth/ticket')
  t.ok(Date.parse(body.expires_at) - Date.now() <= 30_000)
  t.match(await redeemTicket(pool, body.ticket), { user: reply.body.user })
  t.equal(await redeemTicket(pool, body.ticket), null, 'SEC-TICKET opens once')
  const late = (await anna.post('auth/ticket')).body.ticket
  await pool.query(`update tickets set expires_at = now() - interval '1 second'`)
  t.equal(await redeemTicket(pool, late), null, 'SEC-TICKET opens soon')
  const ended = (await anna.post('auth/ticket')).body.ticket
  await anna.post('auth/logout-all')
  t.equal(await redeemTicket(pool, ended), null, 'SEC-TICKET ends with its session')
})

t.test('sessions: listed, ended one by one or all at once', async (t) => {
  const first = await call('POST', 'auth/register', { username: 'agnes', password }, { 'user-agent': 'one' })
  const second = await call('POST', 'auth/login', { username: 'agnes', password }, { 'user-agent': 'two' })
  const [one, two] = [first, second].map((reply) => caller(browser(cookieOf(reply))))
  const list = (await two?.get('auth/sessions/'))?.body.items
  t.match(list, [
    { user_agent: 'two', current: true },
    { user_agent: 'one', current: false }
  ])
  const other = await call('POST', 'auth/register', { username: 'mallory', password })
  const mallory = caller(browser(cookieOf(other)))
  t.equal((await mallory.delete(`auth/sessions/${list[1].id}`)).status, 404, 'not others')
  const key = { 'idempotency-key': 'end-1' }
  t.equal((await two?.delete(`auth/sessions/${list[1].id}/`, undefined, key))?.status, 204)
  t.match(await two?.delete(`auth/sessions/${list[1].id}/`, undefined, key), {
    status: 204,
    headers: { 'idempotent-replay': 'true' }
  })
  t.equal((await two?.delete(`auth/sessions/${list[1].id}/`))?.status, 404)
  t.equal((await two?.delete('auth/sessions/nonsense/'))?.status, 404)
  t.equal((await one?.get('auth/me'))?.status, 401)
  t.equal((await two?.get('auth/me'))?.status, 200)
  t.equal((await two?.post('auth/logout-all/'))?.status, 204)
  t.equal((await two?.get('auth/me'))?.status, 401)
  t.strictSame(
    toldOf(first),
    [list[1].id, list[0].id].map((session_id) => ({ type: 'session_ended', session_id }))
  )
})

t.test('a password change ends every other session and rotates this one', async (t) => {
  const first = await call('POST', 'auth/register', { username: 'alma', password })
  const bearer = (await call('POST', 'auth/token', { username: 'alma', password })).body.token
  const alma = caller(browser(cookieOf(first)))
  const change = { current_password: password, new_password: 'another horse battery' }
  t.match(await alma.post('auth/password', { ...change, current_password: 'no' }), {
    status: 401,
    body: { code: 'invalid_credentials' }
  })
  t.match(await alma.post('auth/password', { ...change, new_password: '12345678' }), {
    status: 400,
    body: { errors: [{ pointer: '/new_password' }] }
  })
  const changed = await alma.post('auth/password', change)
  t.equal(changed.status, 200)
  t.equal((await alma.get('auth/me')).status, 401, 'the old cookie is worth nothing')
  t.equal((await caller(browser(cookieOf(changed))).get('auth/me')).status, 200)
  t.equal((await caller({ authorization: `Bearer ${bearer}` }).get('auth/me')).status, 401)
  t.equal(toldOf(first).length, 1)
  t.equal((await call('POST', 'auth/login', { username: 'alma', password })).status, 401)
  t.equal(
    (await call('POST', 'auth/login', { username: 'alma', password: change.new_password })).status,
    200
  )
})

t.test('sessions expire unless they are used', async (t) => {
  const astrid = await service.person('astrid')
  const mine = `where user_id = '${astrid.user.id}'`
  await pool.query(`update sessions set last_seen_at = now() - interval '2 minutes', expires_at = now() + interval '1 hour' ${mine}`)
  const used = await call('GET', 'auth/me', undefined, { cookie: `parley_session=${astrid.token}` })
  t.match(used, { status: 200, headers: { 'set-cookie': new RegExp(`^parley_session=${astrid.token}; Max-Age`) } })
  const { rows } = await pool.query(`select expires_at > now() + interval '29 days' as longer from sessions ${mine}`)
  t.equal(rows[0].longer, true)
  const again = await call('GET', 'auth/me', undefined, { cookie: `parley_session=${astrid.token}` })
  t.notOk(again.headers['set-cookie'], 'at most once a minute')
  await pool.query(`update sessions set expires_at = now() - interval '1 second' ${mine}`)
  t.equal((await astrid.get('auth/me')).status, 401)
  t.equal((await caller({ authorization: `Bearer ${astrid.token}x` }).get('auth/me')).status, 401)
})

const run = promisify(execFile)

async function operator(...args: string[]) {
  const script = fileURLToPath(new URL('../../src/operator.ts', import.meta.url))
  await run(process.execPath, [script, ...args], { env: { ...process.env, DATABASE_URL: service.url } })
}

t.test('SEC-DISABLED users are out at once and may not come back', async (t) => {
  const first = await call('POST', 'auth/register', { username: 'audrey', password })
  const audrey = caller(browser(cookieOf(first)))
  await operator('disable', 'Audrey')
  t.equal((await audrey.get('auth/me')).status, 401)
  const { rows } = await pool.query('select count(*) as n from sessions where ended_at is null and user_id = $1', [first.body.user.id])
  t.equal(rows[0].n, 0, 'the beat tells the gateways')
  const refused = await call('POST', 'auth/login', { username: 'audrey', password })
  const unknown = await call('POST', 'auth/login', { username: 'nobody', password })
  const wrong = await call('POST', 'auth/login', { username: 'audrey', password: 'wrong' })
  for (const reply of [refused, unknown, wrong]) t.match(reply, { status: 401, text: refused.text })
  await enableAccount(service, 'audrey')
  t.equal((await call('POST', 'auth/login', { username: 'audrey', password })).status, 200)
  t.equal((await audrey.get('auth/me')).status, 401, 'old sessions stay ended')
  await t.rejects(operator('disable', 'nobody'))
})

t.test('SEC-THROTTLE counts per account and per address, in the database', async (t) => {
  await call('POST', 'auth/register', { username: 'abby', password })
  const attempt = (username: string, secret: string) =>
    call('POST', 'auth/login', { username, password: secret })
  t.equal((await attempt('abby', 'wrong')).status, 401)
  t.equal((await attempt('abby', password)).status, 200, 'a success starts anew')
  const statuses = await Promise.all(Array.from({ length: 12 }, async () => (await attempt('ABBY', 'wrong')).status))
  t.equal(statuses.filter((status) => status === 401).length, 10, 'many at once do not slip through')
  const refused = await attempt('abby', password)
  t.match(refused, { status: 429, body: { code: 'rate_limited' } })
  t.ok(Number(refused.headers['retry-after']) > 800)
  t.equal((await attempt('bob', 'wrong')).status, 401, 'others are not held up')
  t.equal((await attempt('bob\u0000"', 'wrong')).status, 401)

  await pool.query(`update login_throttles set failures = 100 where key like 'address%'`)
  t.equal((await attempt('carol', 'wrong')).status, 429, 'per address')
  await pool.query(`update login_throttles set reset_at = now() - interval '1 second'`)
  t.equal((await attempt('abby', password)).status, 200, 'the window ends')
  await attempt('abby', 'wrong')
  const { rows } = await pool.query('select count(*) as n from login_throttles where reset_at < now()')
  t.equal(rows[0].n, 0, 'what ran out is cleared')
})

t.test('SEC-THROTTLE is off with the rate limits', async (t) => {
  const { call } = await api(t, { RATE_LIMITS: 'off' })
  const statuses = await Promise.all(
    Array.from({ length: 36 }, async () => (await call('POST', 'auth/login', { username: 'a', password: 'b' })).status)
  )
  t.same(new Set(statuses), new Set([401]))
})

t.test('SEC-THROTTLE takes an IPv6 network for one address', async (t) => {
  const cases = [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:0:1:aaaa::1', '2001:db8:0:1'],
    ['2001:DB8::1', '2001:db8:0:0'],
    ['2001:0db8:0000:0001:0:0:0:9', '2001:db8:0:1'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0']
  ] as const
  for (const [address, key] of cases) t.equal(throttleAddress(address), key)
})
