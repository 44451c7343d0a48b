import { randomBytes, randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { limits } from '@parley/contracts'
import { openSocket, type TestSocket, UpgradeRefused, waitUntil } from '@parley/testing'
import t from 'tap'
import { startGateway } from '../test-gateway.ts'

/** What came instead of a socket. */
async function refusal(opening: Promise<TestSocket>) {
  try {
    const socket = await opening
    socket.terminate()
    return { status: 101, code: 'opened', type: undefined, headers: {} }
  } catch (error) {
    if (!(error instanceof UpgradeRefused)) throw error
    const { code } = JSON.parse(error.body) as { code: string }
    return { status: error.status, code, type: error.headers['content-type'], headers: error.headers }
  }
}

const origin = 'http://app.test'

t.test('refusals and credentials', async (t) => {
  const { api, url, open } = await startGateway(t)
  const ada = api.signIn('ada')
  const room = api.conversation(ada.user)
  const strangers = api.conversation(api.signIn('bob').user)
  const chat = `${url}/ws/chat/${room.id}/`
  const cookie = (session = ada) => `other=1; parley_session=${session.token}; more=2`
  const withHeaders = (headers: Record<string, string>, address = chat) =>
    refusal(openSocket(address, { headers }))

  t.test('CON-2 whatever is refused is refused before the upgrade, as problem+json', async (t) => {
    t.match(await withHeaders({}), {
      status: 401,
      code: 'unauthenticated',
      type: /^application\/problem\+json/
    })
    t.match(await withHeaders({ authorization: 'Bearer nonsense' }), { status: 401 })
    t.match(await withHeaders({ authorization: 'Basic eA==', cookie: cookie(), origin }), { status: 101 })
    t.match(await withHeaders({ authorization: 'Basic eA==' }), { status: 401 })
    t.match(await withHeaders({ authorization: `Bearer ${'x'.repeat(5_000)}` }), { status: 401 })
    const expired = api.signIn('eve', ada.user)
    api.signOut(expired)
    t.match(await withHeaders({ cookie: cookie(expired), origin }), { status: 401 })
  })

  t.test('CON-1 a bearer token, a ticket, or the session cookie', async (t) => {
    t.match(await withHeaders({ authorization: `bearer ${ada.token}` }), { status: 101 })
    t.match(await withHeaders({ cookie: cookie(), origin }), { status: 101 })
    t.match(await withHeaders({ cookie: 'parley_session=', origin }), { status: 401 })
    const ticket = api.ticket(ada)
    t.match(await withHeaders({}, `${chat}?ticket=${ticket}`), { status: 101 })
    t.match(await withHeaders({}, `${chat}?ticket=${ticket}`), { status: 401 }, 'a ticket is used once')
    t.match(await withHeaders({}, `${chat}?ticket=a&ticket=b`), { status: 401 })
    t.match(await withHeaders({}, `${chat}?token=${ada.token}`), { status: 401 }, 'no token in a URL')
  })

  t.test('CON-1 a cookie needs an Origin from the list, exactly', async (t) => {
    for (const wrong of [
      'http://evil.test',
      'null',
      'http://app.test.evil',
      'http://app.test:81',
      'https://app.test',
      'http://app.tes',
      'http://app.test/'
    ])
      t.match(
        await withHeaders({ cookie: cookie(), origin: wrong }),
        { status: 403, code: 'origin_forbidden' },
        wrong
      )
    t.match(await withHeaders({ cookie: cookie() }), { status: 403 }, 'missing')
    const authorization = `Bearer ${ada.token}`
    t.match(await withHeaders({ authorization, origin: 'http://native.test' }), { status: 101 })
    t.match(await withHeaders({ authorization, cookie: cookie() }), { status: 101 })
    t.match(await withHeaders({ authorization, cookie: cookie(), origin: 'http://evil.test' }), {
      status: 403
    })
  })

  t.test('CON-2 no membership, no such conversation and no id at all look alike', async (t) => {
    const answers = []
    for (const id of [strangers.id, randomUUID(), 'x', room.id.toUpperCase(), '%00'])
      answers.push(await refusal(open(`/ws/chat/${id}/`, ada)))
    for (const answer of answers) t.match(answer, { status: 404, code: 'not_found' })
    room.remove(ada.user)
    t.match(await refusal(open(`/ws/chat/${room.id}/`, ada)), { status: 404, code: 'not_found' })
    room.add(ada.user)
  })

  t.test('CON-3 only parley.v1 is ever selected, and /ws/ speaks nothing else', async (t) => {
    t.match(await refusal(open('/ws/', ada)), { status: 400, code: 'subprotocol_required' })
    t.match(await refusal(open('/ws/', ada, 'parley.v2')), { status: 400, code: 'subprotocol_required' })
    const both = await openSocket(`${url}/ws`, {
      headers: { authorization: `Bearer ${ada.token}` },
      protocol: ['graphql-ws', 'parley.v1']
    })
    t.equal(both.protocol, 'parley.v1')
    both.terminate()
    // This client gives up when what it offered is not selected: proof that it was not.
    await t.rejects(open(`/ws/chat/${room.id}/`, ada, 'graphql-ws'), {
      message: 'Server sent no subprotocol'
    })
  })

  t.test('CON-2 without an upgrade these addresses answer 426', async (t) => {
    for (const path of ['/ws', '/ws/', '/ws/notifications/', `/ws/chat/${room.id}`]) {
      const response = await fetch(url + path, { headers: { authorization: `Bearer ${ada.token}` } })
      t.equal(response.status, 426, path)
      t.equal(response.headers.get('upgrade'), 'websocket')
      t.match(await response.json(), { code: 'upgrade_required' })
    }
    t.match(await refusal(open('/ws/other/', ada)), { status: 404 })
  })

  t.test('SUB-3 since= is a cursor: a number, and not beyond the head', async (t) => {
    t.match(await refusal(open(`/ws/chat/${room.id}/?since=-1`, ada)), {
      status: 400,
      code: 'validation_failed'
    })
    t.match(await refusal(open(`/ws/chat/${room.id}/?since=1e3`, ada)), { status: 400 })
    t.match(await refusal(open(`/ws/chat/${room.id}/?since=99`, ada)), { status: 400, code: 'cursor_ahead' })
  })

  t.test('CON-2 an api out of reach: 503, to be tried again', async (t) => {
    for (const method of ['authenticate', 'readRooms'] as const) {
      api.fail(method)
      const { status, code, headers } = await refusal(open(`/ws/chat/${room.id}/`, ada))
      t.match({ status, code }, { status: 503, code: 'unavailable' })
      t.ok(headers['retry-after'])
      api.heal()
    }
  })
})

t.test('CON-1 over https the cookie has its prefixed name', async (t) => {
  const { api, url } = await startGateway(t, { config: { PUBLIC_URL: 'https://chat.test' } })
  const ada = api.signIn('ada')
  const room = api.conversation(ada.user)
  const address = `${url}/ws/chat/${room.id}/`
  const from = { origin: 'https://chat.test' }
  const plain = openSocket(address, { headers: { ...from, cookie: `parley_session=${ada.token}` } })
  t.match(await refusal(plain), { status: 401 })
  const prefixed = openSocket(address, { headers: { ...from, cookie: `__Host-parley_session=${ada.token}` } })
  t.match(await refusal(prefixed), { status: 101 })
})

t.test('CON-4 welcome comes first and states the limits', async (t) => {
  const { api, open } = await startGateway(t)
  const ada = api.signIn('ada')
  const room = api.conversation(ada.user)
  for (const path of ['/ws/', `/ws/chat/${room.id}/?since=0`]) {
    const socket = await open(path, ada, 'parley.v1')
    const welcome = await socket.next()
    t.match(welcome, {
      type: 'welcome',
      user: ada.user,
      heartbeat_ms: 25_000,
      limits: { sends_per_second: 20 }
    })
    t.match(welcome.connection_id, /^[0-9a-f-]{36}$/)
    socket.terminate()
  }
})

t.test('CON-4 a frame that comes with the handshake is answered', async (t) => {
  const { api, url } = await startGateway(t)
  const ada = api.signIn('ada')
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  t.teardown(() => socket.destroy())
  const payload = Buffer.from(
    JSON.stringify({ type: 'unsubscribe', conversation_id: randomUUID(), ref: 'early' })
  )
  const head = [
    'GET /ws/ HTTP/1.1',
    'Host: gateway.test',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Protocol: parley.v1',
    `Authorization: Bearer ${ada.token}`
  ]
  // A mask of zeros leaves the payload as it is.
  const frame = Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload])
  socket.write(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), frame]))
  let received = ''
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1')
  })
  await waitUntil(() => received.includes('"ref":"early"'), { message: 'the frame is answered' })
  t.match(received, /welcome.*not_subscribed/s)
})

t.test('a handshake that is none ends with an HTTP answer, and the process lives', async (t) => {
  const { api, url, open } = await startGateway(t)
  const ada = api.signIn('ada')
  const attempts = [
    'GET /ws/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    `GET /ws/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: parley.v1\r\nAuthorization: Bearer ${ada.token}\r\n\r\n`,
    `GET /ws/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nSec-WebSocket-Protocol: parley.v1\r\nAuthorization: Bearer ${ada.token}\r\n\r\n`,
    'POST /ws/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n',
    `GET /ws/ HTTP/1.1\r\n${'X-Y: z\r\n'.repeat(3_000)}\r\n\r\n`,
    '\x81\x85\x00\x00\x00\x00hello\r\n\r\n'
  ]
  for (const attempt of attempts) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.on('error', () => undefined)
    socket.end(attempt)
    t.match(await text(socket).catch(() => 'HTTP/1.1 4'), /^HTTP\/1.1 4/)
  }
  t.match(await (await open('/ws/', ada, 'parley.v1')).next(), { type: 'welcome' })
})

t.test('CON-2 a user has at most 100 connections on one gateway', async (t) => {
  const { api, open } = await startGateway(t)
  const ada = api.signIn('ada')
  for (let n = 0; n < limits.connections_per_user; n += 20)
    await Promise.all(Array.from({ length: 20 }, () => open('/ws/', ada, 'parley.v1')))
  t.match(await refusal(open('/ws/', ada, 'parley.v1')), { status: 429, code: 'rate_limited' })
  t.match(await refusal(open('/ws/', api.signIn('bob'), 'parley.v1')), { status: 101 })
})

t.test('ready says whether the api answers the beat; without the bus it is degraded only', async (t) => {
  const { api, url } = await startGateway(t, { tuning: { beat_ms: 10 } })
  const ready = async () => {
    const response = await fetch(`${url}/readyz`)
    return { ...((await response.json()) as { checks: object }), status: response.status }
  }
  await waitUntil(async () => (await ready()).status === 200, { message: 'ready' })
  t.match(await ready(), { checks: { api: 'ok', bus: 'ok' } })
  api.fail('beat')
  await waitUntil(async () => (await ready()).status === 503, { message: 'not ready' })
  api.heal()
  await waitUntil(async () => (await ready()).status === 200, { message: 'ready again' })
  const metrics = await (await fetch(`${url}/metrics`)).text()
  t.match(metrics, /gateway_failed_beats_total\{service="realtime-gateway"\} [1-9]/)
  t.match(metrics, /gateway_connections\{dialect="parley.v1",service="realtime-gateway"\} 0/)
})
