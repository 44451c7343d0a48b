import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { PassThrough, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { ProblemError } from '@parley/contracts'
import { Type } from '@sinclair/typebox'
import t, { type Test } from 'tap'
import { answerClientError, createLogger, createService } from '../src/index.ts'

function build(t: Test) {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    }
  })
  const app = createService({ name: 'test', logger: createLogger({ name: 'test', level: 'debug', stream }) })
  t.teardown(() => app.close())
  const body = Type.Object(
    { name: Type.String({ minLength: 2 }), count: Type.Optional(Type.Integer()) },
    { additionalProperties: false }
  )
  app.post('/things/', { schema: { body } }, async (request) => ({ name: request.body.name }))
  app.get(
    '/things/:id/',
    {
      schema: {
        params: Type.Object({ id: Type.Integer() }),
        querystring: Type.Object({ limit: Type.Integer({ default: 50, maximum: 200 }) })
      }
    },
    async (request) => ({ id: request.params.id, limit: request.query.limit })
  )
  app.get('/limited', async () => {
    throw new ProblemError('rate_limited', { retry_after_ms: 1_200 })
  })
  app.get('/broken', async () => {
    throw Object.assign(new Error('password of the database is hunter2'), { detail: 'row (hunter2)' })
  })
  app.get('/ip', async (request) => ({ ip: request.ip, id: request.id }))
  return { app, lines }
}

t.test('bodies are taken as they come; only the address is coerced', async (t) => {
  const { app } = build(t)
  t.equal((await app.inject({ method: 'POST', url: '/things', payload: { name: 'ab' } })).statusCode, 200)
  t.strictSame((await app.inject('/things/7?limit=10')).json(), { id: 7, limit: 10 })
  t.strictSame((await app.inject('/things/7/')).json(), { id: 7, limit: 50 })

  const wrong = await app.inject({
    method: 'POST',
    url: '/things/',
    payload: { name: 5, count: '1', extra: 1 }
  })
  t.equal(wrong.statusCode, 400)
  t.match(wrong.headers, { 'content-type': /^application\/problem\+json/, 'cache-control': 'no-store' })
  const { errors, ...problem } = wrong.json()
  t.match(problem, { type: 'urn:parley:problem:validation_failed', status: 400, code: 'validation_failed' })
  t.strictSame(errors.map((e: { pointer: string }) => e.pointer).sort(), ['/count', '/extra', '/name'])
  const far = await app.inject('/things/7?limit=1000')
  t.strictSame(far.json().errors, [{ pointer: '/query/limit', reason: 'must be <= 200' }])
  t.strictSame((await app.inject('/things/x')).json().errors[0].pointer, '/params/id')
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`k${n}`, n]))
  t.equal((await app.inject({ method: 'POST', url: '/things', payload: many })).json().errors.length, 20)
})

t.test('what is no valid request gets its code', async (t) => {
  const { app } = build(t)
  const json = { 'content-type': 'application/json' }
  const cases = [
    ['POST', '/things', json, '{"name":', 400, 'invalid_json'],
    ['POST', '/things', json, '', 400, 'invalid_json'],
    ['POST', '/things', json, '{"__proto__":{"x":1},"name":"ab"}', 400, 'invalid_json'],
    ['POST', '/things', json, `"${'x'.repeat(300_000)}"`, 413, 'payload_too_large'],
    ['POST', '/things', { 'content-type': 'text/xml' }, '<a/>', 415, 'unsupported_media_type'],
    ['GET', '/things/%zz', {}, undefined, 400, 'bad_request'],
    ['GET', `/things/${'1'.repeat(300)}`, {}, undefined, 404, 'not_found'],
    ['GET', '/nowhere', {}, undefined, 404, 'not_found'],
    ['DELETE', '/things/7/?a=1', {}, undefined, 405, 'method_not_allowed']
  ] as const
  for (const [method, url, headers, payload, status, code] of cases) {
    const reply = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) })
    t.match(reply.json(), { status, code }, `${method} ${url.slice(0, 20)} ${code}`)
    t.equal(reply.statusCode, status)
    t.match(reply.headers['content-type'], /^application\/problem\+json/)
    if (status === 405) t.equal(reply.headers.allow, 'GET, HEAD')
  }
})

t.test('declared failures are shown, unknown ones are logged once and not shown', async (t) => {
  const { app, lines } = build(t)
  const limited = await app.inject('/limited')
  t.match(limited, { statusCode: 429, headers: { 'retry-after': '2' } })
  t.notHas(limited.json(), 'retry_after_ms')
  const broken = await app.inject({ url: '/broken?ticket=canary', headers: { 'x-request-id': 'abc-2' } })
  t.match(broken.json(), { status: 500, code: 'internal', title: 'Something went wrong' })
  t.notMatch(broken.body, 'hunter2')
  const [logged = '{}', ...more] = lines.filter((line) => line.includes('request failed'))
  t.match(JSON.parse(logged), { req: { id: 'abc-2', method: 'GET', path: '/broken' } })
  t.equal(more.length, 0)
  t.notMatch(lines.join(''), /canary|row \(/)
  t.equal(lines.filter((line) => JSON.parse(line).level > 20).length, 1, 'nothing else above debug')
})

t.test('request ids are taken over when sane; forwarded addresses only from proxies', async (t) => {
  const { app } = build(t)
  const headers = { 'x-request-id': 'abc-1', 'x-forwarded-for': '9.9.9.9' }
  t.strictSame((await app.inject({ url: '/ip', headers })).json(), { ip: '127.0.0.1', id: 'abc-1' })
  const odd = await app.inject({ url: '/ip', headers: { 'x-request-id': 'a b"\n' } })
  t.match(odd.json().id, /^[0-9a-f-]{36}$/)
  const behind = createService({ name: 'test', logger: false, trustProxy: ['127.0.0.1'] })
  t.teardown(() => behind.close())
  behind.get('/ip', async (request) => ({ ip: request.ip }))
  t.strictSame((await behind.inject({ url: '/ip', headers })).json(), { ip: '9.9.9.9' })
})

t.test('bytes that are no HTTP are answered, and the server lives on', async (t) => {
  const { app } = build(t)
  const address = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const talk = async (bytes: string) => {
    const socket = connect(Number(address.port), address.hostname)
    const chunks: string[] = []
    socket.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk))
    socket.end(bytes)
    await once(socket, 'close')
    return chunks.join('')
  }
  t.match(await talk('HELLO\r\n\r\n'), /^HTTP\/1.1 400 Bad Request\r\n[^]*"code":"bad_request"/)
  const long = `GET /ip HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`
  t.match(await talk(long), /^HTTP\/1.1 431 [^]*"code":"headers_too_large"/)
  t.match(await talk('GET /ip HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'), /^HTTP\/1.1 200/)
})

t.test('no connection may take for ever', async (t) => {
  const { app } = build(t)
  t.match(app.server, {
    headersTimeout: 15_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 75_000,
    timeout: 120_000,
    maxHeadersCount: 100
  })
  const slow = new PassThrough()
  answerClientError(Object.assign(new Error('slow'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), slow)
  t.match(await text(slow), /^HTTP\/1.1 408 Request Timeout\r\n[^]*"code":"request_timeout"/)
})

t.test('closing does not wait for a connection on which no request came', async (t) => {
  const app = createService({ name: 'test', logger: false })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const [unused, used] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')]
  used.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(used, 'data')
  const closed = [once(unused, 'close'), once(used, 'close')]
  for (const socket of [unused, used]) socket.resume()
  const before = performance.now()
  await app.close()
  await Promise.all(closed)
  t.ok(performance.now() - before < 3_000)
})

t.test('a request that comes on an idle connection while the server closes is still answered', async (t) => {
  const { app } = build(t)
  const { hostname, port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const socket = connect(Number(port), hostname)
  const received: string[] = []
  socket.setEncoding('utf8').on('data', (chunk: string) => received.push(chunk))
  socket.write('GET /ip HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(socket, 'data')
  received.length = 0
  const closed = app.close()
  socket.write('GET /ip HTTP/1.1\r\nHost: x\r\n\r\n')
  await Promise.all([once(socket, 'close'), closed])
  t.match(received.join(''), /^HTTP\/1.1 200 [^]*connection: close/i)
})

t.test('a connection that came before the server closed is served, however many are queued', async (t) => {
  const { app } = build(t)
  const { hostname, port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const answers = Array.from({ length: 40 }, async () => {
    const socket = connect(Number(port), hostname)
    socket.write('GET /ip HTTP/1.1\r\nHost: x\r\n\r\n')
    return text(socket)
  })
  // The kernel has taken them all, the server none yet.
  await app.close()
  for (const answer of await Promise.all(answers)) t.match(answer, /^HTTP\/1.1 200 /)
})
