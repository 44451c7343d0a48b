import { ProblemError } from '@parley/contracts'
import t from 'tap'
import { createService, crossOrigin } from '../src/index.ts'

const page = 'https://app.example.org'

t.test('SEC-CORS pages of allowed origins read answers, those of others do not', async (t) => {
  const app = createService({ name: 'test', logger: false })
  t.teardown(() => app.close())
  await app.register(crossOrigin, { allowed: new Set([page]) })
  app.addHook('onRequest', async ({ headers }) => {
    if (headers.authorization === undefined) throw new ProblemError('unauthenticated')
  })
  app.post('/things', async () => ({}))
  await app.ready()
  const preflight = (origin: string, url = '/things') =>
    app.inject({
      method: 'OPTIONS',
      url,
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization'
      }
    })

  const asked = await preflight(page)
  t.equal(asked.statusCode, 204, 'before anybody has to be signed in')
  t.match(asked.headers, {
    'access-control-allow-origin': page,
    'access-control-allow-methods': /\bPATCH\b/,
    'access-control-allow-headers': 'authorization, content-type, idempotency-key, last-event-id',
    'access-control-max-age': /^\d{4,}$/,
    vary: 'Origin'
  })
  const refused = await app.inject({ method: 'POST', url: '/things', headers: { origin: page } })
  t.match(refused, { statusCode: 401, headers: { 'access-control-allow-origin': page } }, 'also a refusal')
  t.equal(refused.headers['access-control-expose-headers'], 'idempotent-replay, retry-after')

  const others = [
    'https://evil.example',
    `${page}.evil.example`,
    `${page}:8443`,
    'http://app.example.org',
    'null',
    ''
  ]
  for (const origin of [...others, `${page}/`, page.toUpperCase()]) {
    const answers = [
      await preflight(origin),
      await app.inject({ method: 'POST', url: '/things', headers: { origin, authorization: 'x' } })
    ]
    for (const { headers } of answers) t.notOk('access-control-allow-origin' in headers, origin)
  }
  for (const { headers } of [asked, refused]) t.notOk('access-control-allow-credentials' in headers)

  const headers = { authorization: 'x' }
  const nothing = await app.inject({ url: '/nothing', headers })
  t.equal(nothing.statusCode, 404, 'an address does not exist because of its preflight')
  const allowed = await app.inject({ url: '/things', headers })
  t.match(allowed, { statusCode: 405, headers: { allow: 'POST' } })
})
