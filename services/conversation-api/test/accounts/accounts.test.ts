import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { waitUntil } from '@parley/testing'
import t from 'tap'
import { disableAccount, enableAccount } from '../../src/accounts/disable-account.ts'
import { authenticateToken, redeemTicket } from '../../src/accounts/session-store.ts'
import { type Api, api, ORIGIN } from '../api-harness.ts'

const password = 'correct horse battery'
const service = await api(t)
const { call, caller, pool, controls } = service

/** What the gateways were told about one user, once there are so many. */
async function toldOf({ body }: { body: { user: { id: string } } }, count: number) {
  const told = () => controls.filter(({ user_id }) => user_id === body.user.id).map(({ control }) => control)
  await waitUntil(() => told().length >= count, { message: `${count} controls` })
  return told()
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
  const registered = await call('POST', 'auth/register/', {
    username: 'Alice',
    password,
    display_name: 'Alice A.'
  })
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
    [{ username: 'bob', password, admin: true }, 400, 'validation_failed', '/admin'],
    [{ username: 'bob' }, 400, 'validation_failed', '/password'],
    [{ username: ['bob'], password }, 400, 'validation_failed', '/username']
  ]
  for (const display_name of [' ', '\u200b', '\u202e\u2066', '\u3164', '\u0301', '\u{e0041}'])
    cases.push([{ username: 'bob', password, display_name }, 400, 'validation_failed', '/display_name'])
  const racing = { username: 'racer', password }
  const both = await Promise.all([0, 1].map(() => call('POST', 'auth/register/', racing)))
  t.strictSame(
    both.map(({ status }) => status).toSorted((a, b) => a - b),
    [201, 409],
    'both at once'
  )
  for (const [body, status, code, pointer] of cases) {
    const reply = await call('POST', 'auth/register/', body)
    const errors = pointer === undefined ? {} : { errors: [{ pointer }] }
    t.match(reply, { status, body: { code, ...errors } }, JSON.stringify(body).slice(0, 60))
  }
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
  const { rows } = await pool.query('select id, token_hash, user_agent from sessions where user_id = $1', [
    first.body.user.id
  ])
  t.strictSame(rows[0].token_hash, createHash('sha256').update(token).digest())
  t.notOk(JSON.stringify(rows).includes(token))

  const second = await call('POST', 'auth/login', { username: 'ann', password }, browser(cookieOf(first)))
  t.equal(second.status, 200)
  t.not(cookieOf(second), cookieOf(first))
  t.equal((await call('GET', 'auth/me', undefined, { cookie: cookieOf(first) })).status, 401)
  t.equal((await call('GET', 'auth/me', undefined, { cookie: cookieOf(second) })).status, 200)
  t.strictSame(await toldOf(first, 1), [{ type: 'session_ended', session_id: rows[0].id }])
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
    await toldOf(first, 2),
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
  t.equal((await toldOf(first, 1)).length, 1)
  t.equal((await call('POST', 'auth/login', { username: 'alma', password })).status, 401)
  t.equal((await call('POST', 'auth/login', { username: 'alma', password: change.new_password })).status, 200)
})

t.test('sessions expire unless they are used', async (t) => {
  const astrid = await service.person('astrid')
  const mine = `where user_id = '${astrid.user.id}'`
  await pool.query(
    `update sessions set last_seen_at = now() - interval '2 minutes', expires_at = now() + interval '1 hour' ${mine}`
  )
  const used = await call('GET', 'auth/me', undefined, { cookie: `parley_session=${astrid.token}` })
  t.match(used, {
    status: 200,
    headers: { 'set-cookie': new RegExp(`^parley_session=${astrid.token}; Max-Age`) }
  })
  const { rows } = await pool.query(
    `select expires_at > now() + interval '29 days' as longer from sessions ${mine}`
  )
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
  const { rows } = await pool.query(
    'select count(*) as n from sessions where ended_at is null and user_id = $1',
    [first.body.user.id]
  )
  t.equal(rows[0].n, 0, 'the beat tells the gateways')
  const refused = await call('POST', 'auth/login', { username: 'audrey', password })
  const unknown = await call('POST', 'auth/login', { username: 'nobody', password })
  const wrong = await call('POST', 'auth/login', { username: 'audrey', password: 'wrong' })
  for (const reply of [refused, unknown, wrong]) t.match(reply, { status: 401, text: refused.text })
  await enableAccount(service, 'audrey')
  t.equal((await call('POST', 'auth/login', { username: 'audrey', password })).status, 200)
  t.equal((await audrey.get('auth/me')).status, 401, 'old sessions stay ended')
  t.equal(await disableAccount(service, 'nobody'), false)
})
