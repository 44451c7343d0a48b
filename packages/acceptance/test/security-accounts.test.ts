// Who someone is: passwords, sessions, throttles, cookies; and what another site may make a browser do.
import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { SignedIn } from '@parley/contracts'
import { openSocket } from '@parley/testing'
import t from 'tap'
import {
  type Answer,
  bodyOf,
  cookieOf,
  fillPath,
  makeRoom,
  RestClient,
  refusalOf,
  refusedUpgrade,
  routeMatrix,
  signUp
} from '../src/index.ts'
import { databaseText } from './database-text.ts'
import { securedParley } from './security-fixture.ts'

t.setTimeout(120_000)

const AUTH = '/messaging/api/auth'
const parley = await securedParley(t, { RATE_LIMITS: 'on' })
const { url, database } = parley
const { host, port } = new URL(url)

let addresses = 0
/** Someone at an address of their own, so that no test uses up another's attempts. */
function visitor(headers: Record<string, string> = {}): RestClient {
  const n = ++addresses
  return new RestClient(url, { 'x-forwarded-for': `10.1.${n >> 8}.${n & 255}`, ...headers })
}

function freshAccount(): { username: string; password: string } {
  return { username: `user-${randomBytes(5).toString('hex')}`, password: 'a password of some length' }
}

t.test('SEC who: passwords are argon2id with 19 MiB, two passes and a salt of their own', async (t) => {
  const people = [freshAccount(), freshAccount()]
  for (const account of people) bodyOf(await visitor().post(`${AUTH}/register/`, account), 201, SignedIn)
  const { rows } = await database.query('select password_hash from users where username = any ($1)', [
    people.map(({ username }) => username)
  ])
  t.equal(rows.length, 2)
  for (const { password_hash } of rows)
    t.match(password_hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  t.not(rows[0].password_hash, rows[1].password_hash, 'the same password, another hash')
})

t.test('SEC who: two passwords are hashed at a time, a few wait, more are sent away', async (t) => {
  const account = freshAccount()
  bodyOf(await visitor().post(`${AUTH}/register/`, account), 201, SignedIn)
  const before = await mostMemory()
  const crowd = await Promise.all(
    Array.from({ length: 80 }, () => visitor().post(`${AUTH}/login/`, freshAccount()))
  )
  const refused = crowd.filter(({ status }) => status === 429)
  t.ok(refused.length >= 10, `${refused.length} of 80 were sent away`)
  for (const answer of refused.slice(0, 3)) {
    t.equal(refusalOf(answer), '429 rate_limited')
    t.match(answer.headers.get('retry-after'), /^\d+$/)
  }
  t.ok(crowd.filter(({ status }) => status === 401).length >= 34, 'who was in line got an answer')
  // Each hash at work holds 19 MiB: all in line at once would be 650.
  t.ok((await mostMemory()) - before < 200_000_000, 'not all at once')
  t.equal((await visitor().post(`${AUTH}/login/`, account)).status, 200)
})

async function mostMemory(): Promise<number> {
  const status = await readFile(`/proc/${parley.pid}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024
}

t.test('SEC who: an unknown user costs the same time and gets the same answer', async (t) => {
  const account = freshAccount()
  bodyOf(await visitor().post(`${AUTH}/register/`, account), 201, SignedIn)
  const times = { known: [] as number[], unknown: [] as number[] }
  const bodies = new Set<string>()
  for (let n = 0; n < 9; n++)
    for (const kind of ['known', 'unknown'] as const) {
      const credentials = kind === 'known' ? { ...account, password: 'not this one' } : freshAccount()
      const begin = performance.now()
      const answer = await visitor().post(`${AUTH}/login/`, credentials)
      times[kind].push(performance.now() - begin)
      bodies.add(`${answer.status} ${JSON.stringify(answer.body)} ${[...answer.headers.keys()].join()}`)
    }
  t.equal(bodies.size, 1, [...bodies].join())
  const ratio = Math.min(...times.unknown) / Math.min(...times.known)
  t.ok(ratio > 0.6 && ratio < 1.6, `unknown takes ${ratio.toFixed(2)} times as long`)
})

t.test('SEC who: a disabled user is told no more than a wrong password is', async (t) => {
  const account = freshAccount()
  bodyOf(await visitor().post(`${AUTH}/register/`, account), 201, SignedIn)
  await database.query('update users set disabled_at = now() where username = $1', [account.username])
  const wrong = await visitor().post(`${AUTH}/login/`, { ...account, password: 'not this one' })
  const right = await visitor().post(`${AUTH}/login/`, account)
  t.equal(refusalOf(right), '401 invalid_credentials')
  t.same(right.body, wrong.body)
})

t.test('SEC who: ten failures throttle an account, wherever they come from', async (t) => {
  const [account, other] = [freshAccount(), freshAccount()]
  for (const one of [account, other]) bodyOf(await visitor().post(`${AUTH}/register/`, one), 201, SignedIn)
  for (let n = 0; n < 10; n++) {
    const answer = await visitor().post(`${AUTH}/login/`, { ...account, password: `guess ${n}` })
    t.equal(refusalOf(answer), '401 invalid_credentials')
  }
  for (const username of [account.username, account.username.toUpperCase()]) {
    const answer = await visitor().post(`${AUTH}/login/`, { ...account, username })
    t.equal(refusalOf(answer), '429 rate_limited', 'even with the right password')
    t.ok(Number(answer.headers.get('retry-after')) > 60)
  }
  t.equal(refusalOf(await visitor().post(`${AUTH}/token/`, account)), '429 rate_limited', 'at every door')
  t.equal(refusalOf(await visitor().post('/api/login/', account)), '429 rate_limited')
  t.equal((await visitor().post(`${AUTH}/login/`, other)).status, 200, 'others are not touched')
})

t.test('SEC who: a hundred failures throttle an address, whichever accounts they are for', async (t) => {
  const account = freshAccount()
  bodyOf(await visitor().post(`${AUTH}/register/`, account), 201, SignedIn)
  const thief = visitor()
  const statuses: number[] = []
  // Not all at once: the line for the hasher is short.
  for (let n = 0; n < 10; n++) {
    const guesses = Array.from({ length: 10 }, () => thief.post(`${AUTH}/login/`, freshAccount()))
    statuses.push(...(await Promise.all(guesses)).map(({ status }) => status))
  }
  t.strictSame(new Set(statuses), new Set([401]))
  t.equal(refusalOf(await thief.post(`${AUTH}/login/`, account)), '429 rate_limited')
  t.equal((await visitor().post(`${AUTH}/login/`, account)).status, 200, 'other addresses are not touched')
})

t.test('SEC who: tokens are 256 random bits, of which only the hash is stored', async (t) => {
  const ann = await signUp(url, 'ann')
  const ticket = (await ann.api.post(`${AUTH}/ticket/`)).body as { ticket: string }
  const cookie = ann.cookie.split('=')[1] ?? ''
  for (const secret of [ann.token, cookie, ticket.ticket]) {
    t.match(secret, /^[A-Za-z0-9_-]{43}$/)
    t.equal(Buffer.from(secret, 'base64url').length, 32)
  }
  t.equal(new Set([ann.token, cookie, ticket.ticket]).size, 3)
  const everything = await databaseText(database)
  for (const secret of [ann.token, cookie, ticket.ticket]) {
    t.notOk(everything.includes(secret), 'not stored')
    t.ok(everything.includes(createHash('sha256').update(secret).digest('hex')), 'its hash is')
  }
  t.notOk(everything.includes(ann.password))
})

t.test('SEC who: a ticket opens one socket, once, and not after its time', async (t) => {
  const ann = await signUp(url, 'ann')
  const ticketed = async () => {
    const { ticket } = (await ann.api.post(`${AUTH}/ticket/`)).body as { ticket: string }
    return `${url}/ws/?ticket=${ticket}`
  }
  const address = await ticketed()
  const first = await openSocket(address, { protocol: 'parley.v1' })
  t.equal(await refusedUpgrade(openSocket(address, { protocol: 'parley.v1' })), '401 unauthenticated')
  await first.close()
  const late = await ticketed()
  await database.query(`update tickets set expires_at = now() - interval '1 second'`)
  t.equal(await refusedUpgrade(openSocket(late, { protocol: 'parley.v1' })), '401 unauthenticated')
  const atOnce = await ticketed()
  const opened = await Promise.allSettled(
    Array.from({ length: 10 }, () => openSocket(atOnce, { protocol: 'parley.v1' }))
  )
  const sockets = opened.filter((one) => one.status === 'fulfilled').map(({ value }) => value)
  t.equal(sockets.length, 1, 'ten at once: one')
  for (const socket of sockets) await socket.close()
  t.equal(
    refusalOf(await new RestClient(url).get(`${AUTH}/me/?ticket=${(await ticketed()).split('=')[1]}`)),
    '401 unauthenticated',
    'and nothing but a socket'
  )
  for (const query of [`token=${ann.token}`, `access_token=${ann.token}`, `ticket=${ann.token}`])
    t.equal(
      await refusedUpgrade(openSocket(`${url}/ws/?${query}`, { protocol: 'parley.v1' })),
      '401 unauthenticated'
    )
})

t.test('SEC who: a login ends the session that came with it, and begins another', async (t) => {
  const account = freshAccount()
  const planted = cookieOf(await visitor().post(`${AUTH}/register/`, account))
  const answer = await visitor({ cookie: planted, origin: url }).post(`${AUTH}/login/`, account)
  const cookie = cookieOf(answer)
  t.equal(answer.status, 200)
  t.not(cookie, planted)
  t.equal((await visitor({ cookie }).get(`${AUTH}/me/`)).status, 200)
  t.equal(refusalOf(await visitor({ cookie: planted }).get(`${AUTH}/me/`)), '401 unauthenticated')
})

t.test('SEC who: a new password ends all other sessions and gives this one another cookie', async (t) => {
  const ann = await signUp(url, 'ann')
  const here = visitor({ cookie: ann.cookie, origin: url })
  const change = { current_password: ann.password, new_password: 'quite another password' }
  const changed = await here.post(`${AUTH}/password/`, change)
  t.equal(changed.status, 200)
  t.equal(refusalOf(await here.get(`${AUTH}/me/`)), '401 unauthenticated', 'the old cookie')
  t.equal(refusalOf(await ann.api.get(`${AUTH}/me/`)), '401 unauthenticated', 'the token')
  t.equal((await visitor({ cookie: cookieOf(changed) }).get(`${AUTH}/me/`)).status, 200)
})

t.test('SEC who: which passwords and names are taken', async (t) => {
  const cases: [password: string, status: number][] = [
    ['seven77', 400],
    ['äää4567', 201],
    ['eightby8', 201],
    ['x'.repeat(1_024), 201],
    ['x'.repeat(1_025), 400],
    ['ä'.repeat(513), 400],
    ['password', 400],
    ['PASSWORD', 400],
    ['12345678', 400],
    ['qwertyuiop', 400],
    ['        ', 201]
  ]
  for (const [password, status] of cases) {
    const answer = await visitor().post(`${AUTH}/register/`, { ...freshAccount(), password })
    t.equal(answer.status, status, `${password.slice(0, 12)} (${Buffer.byteLength(password)} bytes)`)
    if (status === 400) t.notOk(JSON.stringify(answer.body).includes(`"${password}"`), 'and is not repeated')
  }
  const { username, password } = freshAccount()
  const same = await visitor().post(`${AUTH}/register/`, { username, password: username })
  t.equal(refusalOf(same), '400 validation_failed', 'the name itself')
  bodyOf(await visitor().post(`${AUTH}/register/`, { username, password }), 201, SignedIn)
  const twice = await visitor().post(`${AUTH}/register/`, { username: username.toUpperCase(), password })
  t.equal(refusalOf(twice), '409 username_taken')
})

t.test('SEC data: names are attack surface: no control characters, no look-alikes of others', async (t) => {
  const refused: object[] = [
    { username: 'with space' },
    { username: '<script>' },
    { username: 'аdmin' },
    { username: '.dot' },
    { username: 'ann\u0000' },
    { username: 'x'.repeat(65) },
    { display_name: 'two\nlines' },
    { display_name: 'bell\u0007' },
    { display_name: '\u0000' },
    { display_name: '   ' },
    { display_name: 'x'.repeat(101) },
    { display_name: ['Ann'] }
  ]
  for (const fields of refused) {
    const answer = await visitor().post(`${AUTH}/register/`, { ...freshAccount(), ...fields })
    t.equal(refusalOf(answer), '400 validation_failed', JSON.stringify(fields))
  }
  const display_name = `<img src=x onerror=alert(1)>'"&`
  const answer = await visitor().post(`${AUTH}/register/`, { ...freshAccount(), display_name })
  t.equal(bodyOf(answer, 201, SignedIn).user.display_name, display_name, 'text is text')
  t.match(answer.headers.get('content-type'), 'application/json')
  t.equal(answer.headers.get('x-content-type-options'), 'nosniff')
  const ann = await signUp(url, 'ann')
  const room = await makeRoom(ann)
  for (const title of ['two\nlines', '\u0000', ' ', 'x'.repeat(201)])
    t.equal(
      refusalOf(await ann.api.ask('PATCH', `/messaging/api/conversations/${room}/`, { title })),
      '400 validation_failed'
    )
})

t.test('SEC who: the cookie is HttpOnly and SameSite, and over TLS bound to this host', async (t) => {
  const register = async (at: string) =>
    (await new RestClient(at).post(`${AUTH}/register/`, freshAccount())).headers.getSetCookie()[0] ?? ''
  const plain = await register(url)
  t.match(plain, /^parley_session=[\w-]{43}; /)
  for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Path=/'])
    t.ok(plain.includes(`; ${attribute}`), attribute)
  t.notMatch(plain, /Domain|Secure/)
  const secure = await securedParley(t, { PUBLIC_URL: 'https://chat.example.org' })
  const cookie = await register(secure.url)
  t.match(cookie, /^__Host-parley_session=[\w-]{43}; /)
  for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Path=/', 'Secure'])
    t.ok(cookie.includes(`; ${attribute}`), attribute)
  t.notMatch(cookie, /Domain/)
  const token = /=([\w-]{43});/.exec(cookie)?.[1]
  const plainName = new RestClient(secure.url, { cookie: `parley_session=${token}` })
  t.equal(refusalOf(await plainName.get(`${AUTH}/me/`)), '401 unauthenticated', 'no other name will do')
  const headers = { cookie: cookie.split(';')[0] ?? '', origin: 'https://chat.example.org' }
  await (await openSocket(`${secure.url}/ws/notifications/`, { headers })).close()
  const hsts = (await new RestClient(secure.url).get('/messaging/api/docs/json')).headers
  t.match(hsts.get('strict-transport-security'), /max-age=\d{8}/)
})

t.test('SEC cross-site: a socket with a cookie opens for the listed origins, exactly', async (t) => {
  const ann = await signUp(url, 'ann')
  const room = await makeRoom(ann)
  const open = (path: string, headers: Record<string, string>) =>
    openSocket(url + path, { headers, ...(path === '/ws/' ? { protocol: 'parley.v1' } : {}) })
  for (const path of [`/ws/chat/${room}/`, '/ws/notifications/', '/ws/']) {
    for (const origin of foreignOrigins())
      t.equal(
        await refusedUpgrade(open(path, { cookie: ann.cookie, ...(origin === undefined ? {} : { origin }) })),
        '403 origin_forbidden',
        `${path} from ${origin}`
      )
    for (const origin of [`http://localhost:${port}`, `http://127.0.0.1:${port}`])
      await (await open(path, { cookie: ann.cookie, origin })).close()
    await (await open(path, { authorization: `Bearer ${ann.token}` })).close()
  }
  t.equal(
    await refusedUpgrade(open('/ws/', { authorization: 'Bearer none', cookie: ann.cookie })),
    '401 unauthenticated',
    'a token that is none is not made up for by a cookie'
  )
})

/** Everything that is nearly an origin of ours; undefined: none at all. */
function foreignOrigins(): (string | undefined)[] {
  return [
    undefined,
    'null',
    '',
    '*',
    'http://evil.example',
    `http://${host}.evil.example`,
    `http://evil${host}`,
    `http://localhost:${Number(port) + 1}`,
    `http://localhost:${port}0`,
    'http://localhost',
    `https://localhost:${port}`,
    `http://localhost:${port}/`,
    `http://localhost:${port}@evil.example`,
    `http://LOCALHOST:${port}`,
    `http://localhost:${port}, http://evil.example`
  ]
}

t.test('SEC cross-site: nothing is changed for a page of another site', async (t) => {
  const ann = await signUp(url, 'ann')
  const ids = { conversation_id: await makeRoom(ann), message_id: ann.user.id, removed_message_id: '' }
  const inRoom = { ...ids, user_id: ann.user.id, newcomer_id: ann.user.id }
  const wrong: string[] = []
  for (const [route, row] of Object.entries(routeMatrix)) {
    const [method = '', path = ''] = route.split(' ')
    if (method === 'GET') continue
    const filled = fillPath(path, inRoom, ann.user.id)
    for (const origin of foreignOrigins()) {
      const headers = { cookie: ann.cookie, ...(origin === undefined ? {} : { origin }) }
      const answer = await new RestClient(url, headers).ask(method, filled, row.body?.(inRoom))
      if (refusal(answer) !== '403 origin_forbidden')
        wrong.push(`${route} from ${origin}: ${refusal(answer)}`)
    }
  }
  t.strictSame(wrong, [])
  t.equal((await ann.api.get(`/messaging/api/conversations/${ids.conversation_id}/`)).status, 200)
  const preflight = await new RestClient(url).ask('OPTIONS', `${AUTH}/login/`, undefined, {
    origin: 'http://evil.example',
    'access-control-request-method': 'POST'
  })
  t.equal(preflight.headers.get('access-control-allow-origin'), null, 'and none may read')
})

t.test('SEC cross-site: bodies are JSON and nothing else', async (t) => {
  const ann = await signUp(url, 'ann')
  const ids = { conversation_id: await makeRoom(ann), message_id: ann.user.id, removed_message_id: '' }
  const inRoom = { ...ids, user_id: ann.user.id, newcomer_id: ann.user.id }
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml'
  ]
  const wrong: string[] = []
  for (const [route, row] of Object.entries(routeMatrix)) {
    const [method = '', path = ''] = route.split(' ')
    if (!row.body) continue
    for (const type of types) {
      const body = JSON.stringify(row.body(inRoom))
      const answer = await ann.api.ask(method, fillPath(path, inRoom, ann.user.id), body, {
        'content-type': type
      })
      if (refusal(answer) !== '415 unsupported_media_type')
        wrong.push(`${route} as ${type}: ${refusal(answer)}`)
    }
  }
  t.strictSame(wrong, [])
})

function refusal(answer: Answer): string {
  return answer.status < 400 ? String(answer.status) : refusalOf(answer)
}
