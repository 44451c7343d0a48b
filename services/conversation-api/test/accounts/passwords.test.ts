import { ProblemError } from '@parley/contracts'
import t from 'tap'
import { createPasswordHasher } from '../../src/accounts/password-hasher.ts'
import { throttleAddress } from '../../src/accounts/throttle-address.ts'
import { createWorkQueue } from '../../src/accounts/work-queue.ts'
import { api } from '../api-harness.ts'

const password = 'correct horse battery'
const { call, pool } = await api(t)

t.test('SEC-PASSWORDS are argon2id of 19 MiB, two passes, and nobody but the hash knows them', async (t) => {
  await call('POST', 'auth/register/', { username: 'ada', password })
  const { rows } = await pool.query<{ password_hash: string }>(
    `select password_hash from users where username = 'ada'`
  )
  t.match(rows[0]?.password_hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  const hasher = createPasswordHasher({ waiting: 1 })
  const phc = await hasher.hash('x')
  t.not(await hasher.hash('x'), phc, 'salted')
  t.equal(await hasher.verify('x', phc), true)
  t.equal(await hasher.verify('y', phc), false)
})

t.test('SEC-PASSWORDS an unknown user costs a hash too', async (t) => {
  const hasher = createPasswordHasher({ waiting: 1 })
  const begin = performance.now()
  t.equal(await hasher.verify('', undefined), false)
  const cost = performance.now() - begin
  t.ok(cost > 5, `19 MiB twice over take more than ${cost} ms, or there was no hash`)
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
  t.strictSame(
    await Promise.all([0, 1, 2].map((n) => queue(async () => n))),
    [0, 1, 2],
    'also after a failure'
  )
})

t.test('SEC-THROTTLE counts per account and per address, in the database', async (t) => {
  await call('POST', 'auth/register', { username: 'abby', password })
  const attempt = (username: string, secret: string) =>
    call('POST', 'auth/login', { username, password: secret })
  t.equal((await attempt('abby', 'wrong')).status, 401)
  t.equal((await attempt('abby', password)).status, 200, 'a success starts anew')
  const statuses = await Promise.all(
    Array.from({ length: 12 }, async () => (await attempt('ABBY', 'wrong')).status)
  )
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
    Array.from(
      { length: 36 },
      async () => (await call('POST', 'auth/login', { username: 'a', password: 'b' })).status
    )
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
