// Bytes that no honest client sends, over raw TCP: whatever comes, the process goes on and everyone else is served.
import { clientFrames, type ClientFrameType, limits } from '@parley/contracts'
import { waitUntil } from '@parley/testing'
import t, { type Test } from 'tap'
import {
  clientFrame,
  fuzz,
  handshake,
  historyOf,
  httpAnswers,
  makeRoom,
  opcodes,
  openRawWebSocket,
  RawConnection,
  type RawWebSocket,
  residentBytes,
  RestClient,
  signUp,
  statusOf,
  textFrame
} from '../src/index.ts'
import { securedParley } from './security-fixture.ts'

t.setTimeout(120_000)

const parley = await securedParley(t, { RATE_LIMITS: 'on' })
const { url } = parley
const [ann, ben] = await Promise.all([signUp(url, 'ann'), signUp(url, 'ben')])
const room = await makeRoom(ann, ben)
const authorization = `Bearer ${ann.token}`
const slow = startSlowRequests()

/** A protocol violation ends the connection with a code that says not to come back. */
const ENDS = 4504

async function open(): Promise<RawWebSocket> {
  const socket = await openRawWebSocket(url, { headers: { authorization } })
  await socket.next(({ type }) => type === 'welcome')
  return socket
}

/** Someone else, on a connection opened before it all, still gets answers. */
const neighbour = await openRawWebSocket(url, { headers: { authorization: `Bearer ${ben.token}` } })
let asked = 0
async function othersAreServed(t: Test): Promise<void> {
  const ref = ++asked
  neighbour.write(textFrame({ type: 'send', conversation_id: room, client_id: `n${ref}`, body: 'here', ref }))
  t.match(await neighbour.next((frame) => frame.ref === ref), { type: 'ack' }, 'others are served')
}

t.test(
  'SEC-HOSTILE-BYTES frames that break RFC 6455 or a limit end their connection, and no other',
  async (t) => {
    const many = (count: number, of: Buffer) => Buffer.concat(Array.from({ length: count }, () => of))
    const begin = clientFrame({ fin: false, payload: '{' })
    const more = clientFrame({ opcode: opcodes.continuation, fin: false, payload: ' ' })
    const ping = (fields: object) => clientFrame({ opcode: opcodes.ping, ...fields })
    const cases: Record<string, Buffer> = {
      'one byte too many': clientFrame({ payload: 'x'.repeat(limits.frame_bytes + 1) }),
      'a length of 4 GiB': clientFrame({ payload: 'x', claims: 2 ** 32 }),
      'a length of 2^64 - 1': clientFrame({ payload: 'x', claims: -1 }),
      'fragments that are too large together': Buffer.concat([
        clientFrame({ fin: false, payload: 'x'.repeat(40_000) }),
        clientFrame({ opcode: opcodes.continuation, payload: 'x'.repeat(40_000) })
      ]),
      'too many fragments': Buffer.concat([begin, many(limits.frame_fragments + 1, more)]),
      'a message within a message': Buffer.concat([begin, textFrame('{}')]),
      'a continuation of nothing': more,
      'bad UTF-8': clientFrame({ payload: Buffer.from([0xff, 0xfe, 0x80]) }),
      'a surrogate in UTF-8': clientFrame({ payload: Buffer.from([0xed, 0xa0, 0x80]) }),
      'UTF-8 cut short': clientFrame({ payload: Buffer.from([0x22, 0xe2, 0x82]) }),
      'a frame that is not masked': clientFrame({ payload: '{}', masked: false }),
      'a fragmented ping': ping({ fin: false, payload: 'x' }),
      'a ping of 126 bytes': ping({ payload: 'x'.repeat(126) }),
      'a close frame with half a code': clientFrame({ opcode: opcodes.close, payload: 'x' }),
      'a close frame with a code that is none': clientFrame({
        opcode: opcodes.close,
        payload: Buffer.from([0, 1])
      }),
      'a binary frame': clientFrame({ opcode: opcodes.binary, payload: '{}' })
    }
    for (let rsv = 1; rsv < 8; rsv++) cases[`RSV bits ${rsv}`] = clientFrame({ rsv, payload: '{}' })
    for (const opcode of [3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
      cases[`opcode ${opcode}`] = clientFrame({ opcode, payload: '{}' })
    const codes = await Promise.all(
      Object.entries(cases).map(async ([name, bytes]) => {
        const socket = await open()
        socket.write(bytes)
        return [name, await socket.closeCode()] as const
      })
    )
    for (const [name, code] of codes) t.equal(code, ENDS, name)
    await othersAreServed(t)
  }
)

t.test('SEC-HOSTILE-BYTES a message may come in pieces, a frame byte by byte', async (t) => {
  const socket = await open()
  const frame = JSON.stringify({ type: 'read', conversation_id: room, seq: 1, ref: 'pieces' })
  const [first, second, third] = [frame.slice(0, 5), frame.slice(5, 6), frame.slice(6)]
  socket.write(clientFrame({ fin: false, payload: first }))
  socket.write(clientFrame({ opcode: opcodes.ping, payload: 'between' }))
  socket.write(clientFrame({ opcode: opcodes.continuation, fin: false, payload: second }))
  socket.write(clientFrame({ opcode: opcodes.continuation, payload: third }))
  t.match(await socket.next(({ ref }) => ref === 'pieces'), { type: 'ack' })
  for (const byte of textFrame({ type: 'read', conversation_id: room, seq: 1, ref: 'bytes' })) {
    socket.write(Buffer.from([byte]))
    await new Promise(setImmediate)
  }
  t.match(await socket.next(({ ref }) => ref === 'bytes'), { type: 'ack' })
  socket.raw.destroy()
})

t.test('SEC-HOSTILE-BYTES half a frame, and an end in the middle of one', async (t) => {
  const whole = textFrame({ type: 'presence', status: 'away' })
  for (let length = 1; length < whole.length; length += 7) {
    const socket = await open()
    socket.write(whole.subarray(0, length))
    if (length % 2) socket.raw.end()
    else socket.raw.reset()
    await socket.raw.closed
  }
  await othersAreServed(t)
})

t.test('SEC-HOSTILE-BYTES unfinished fragments of many sockets hold little memory', async (t) => {
  const piece = clientFrame({ opcode: opcodes.continuation, fin: false, payload: 'x' })
  const before = await residentBytes(parley.pid)
  const sockets = await Promise.all(Array.from({ length: 20 }, open))
  for (const socket of sockets) {
    socket.write(clientFrame({ fin: false, payload: 'x' }))
    for (let n = 0; n < 40; n++) socket.write(Buffer.concat(Array.from({ length: 100 }, () => piece)))
  }
  for (const socket of sockets) t.equal(await socket.closeCode(), ENDS)
  t.ok((await residentBytes(parley.pid)) - before < 38_000_000, 'less than 2 MB each')
  await othersAreServed(t)
})

t.test('SEC-HOSTILE-BYTES JSON that is no frame gets an error, on a socket that stays open', async (t) => {
  const nested = (depth: number, opening: string, inner: string, closing: string) =>
    opening.repeat(depth) + inner + closing.repeat(depth)
  const cases: [text: string, code: string][] = [
    ['', 'malformed_frame'],
    ['{', 'malformed_frame'],
    ['null', 'malformed_frame'],
    ['[]', 'malformed_frame'],
    ['"text"', 'malformed_frame'],
    ['1e999', 'malformed_frame'],
    ['{"type":"read",}', 'malformed_frame'],
    [nested(30_000, '[', '', ']'), 'malformed_frame'],
    [nested(10_000, '{"a":', '1', '}'), 'unknown_frame'],
    ['{}', 'unknown_frame'],
    ['{"type":null}', 'unknown_frame'],
    ['{"type":["send"]}', 'unknown_frame'],
    ['{"type":"__proto__"}', 'unknown_frame'],
    ['{"type":"constructor"}', 'unknown_frame'],
    ['{"type":"toString"}', 'unknown_frame'],
    ['{"__proto__":{"type":"send"}}', 'unknown_frame'],
    ['{"type":"\\u0000send"}', 'unknown_frame'],
    ['{"type":"SEND"}', 'unknown_frame']
  ]
  for (const type of Object.keys(clientFrames) as ClientFrameType[]) cases.push(...mutilations(type))
  const wrong: string[] = []
  // Twenty in a row would end the connection.
  for (let n = 0; n < cases.length; n += 15) {
    const some = cases.slice(n, n + 15)
    const socket = await open()
    for (const [text] of some) socket.write(textFrame(text))
    socket.write(textFrame({ type: 'unsubscribe', conversation_id: room, ref: 'last' }))
    await socket.next(({ ref }) => ref === 'last')
    const errors = socket.json().filter(({ type, ref }) => type === 'error' && ref !== 'last')
    for (const [at, [text, code]] of some.entries())
      if (errors[at]?.code !== code) wrong.push(`${errors[at]?.code}, not ${code}: ${text.slice(0, 200)}`)
    socket.raw.destroy()
  }
  t.strictSame(wrong, [], `${cases.length} texts`)
  await othersAreServed(t)
})

const nullable = new Set(['reply_to_id', 'title', 'description', 'expires_at', 'until', 'send thread_id'])

/** Each frame with one thing wrong: a field too many, missing, of every wrong type, or too long. */
function mutilations(type: ClientFrameType): [text: string, code: string][] {
  const whole: Record<string, unknown> = {
    type,
    ref: 1,
    conversation_id: room,
    message_id: room,
    client_id: 'c',
    body: 'text',
    emoji: '👍',
    seq: 1,
    since: 1,
    on: true,
    status: 'away',
    cursors: {},
    user_id: room,
    role: 'member',
    title: 'title',
    description: 'text',
    public: true,
    thread_id: room,
    from: { conversation_id: room, message_id: room },
    expires_at: null,
    reason: 'text',
    keep: 'nothing',
    until: null
  }
  const { properties, required } = clientFrames[type]
  const fields = Object.keys(properties).filter((name) => name !== 'type')
  const right = Object.fromEntries(['type', ...fields].map((name) => [name, whole[name]]))
  const wrong: object[] = [
    { ...right, more: 1 },
    { ...right, constructor: 1 }
  ]
  for (const name of fields) {
    if (required?.some((one) => one === name)) wrong.push({ ...right, [name]: undefined })
    const values = [['x'], null, 1.5, { x: -1 }, 'x'.repeat(20_000)]
    for (const value of values)
      if (!((nullable.has(name) || nullable.has(`${type} ${name}`)) && value === null))
        wrong.push({ ...right, [name]: value })
  }
  const texts = wrong.map((value) => JSON.stringify(value))
  texts.push(`{"__proto__":{"x":1},${JSON.stringify(right).slice(1)}`)
  return texts.map((text) => [text, 'validation_failed'])
}

t.test('SEC-HOSTILE-BYTES twenty bad frames in a row end a connection', async (t) => {
  const socket = await open()
  for (let n = 0; n < 20; n++) socket.write(textFrame('{'))
  t.equal(await socket.closeCode(), ENDS)
})

t.test(
  'SEC-HOSTILE-BYTES a frame in the segment of the handshake is read, if the handshake was good',
  async (t) => {
    const early = textFrame({ type: 'read', conversation_id: room, seq: 1, ref: 'early' })
    const socket = await openRawWebSocket(url, { headers: { authorization }, early })
    t.match(await socket.next(({ ref }) => ref === 'early'), { type: 'ack' })
    socket.raw.destroy()
    const bad = await openRawWebSocket(url, { headers: { authorization }, early: clientFrame({ rsv: 7 }) })
    t.equal(await bad.closeCode(), ENDS)
  }
)

t.test('SEC-HOSTILE-BYTES frames before authentication reach nothing', async (t) => {
  const junk = [
    textFrame({ type: 'send', conversation_id: room, client_id: 'early', body: 'never' }),
    clientFrame({ rsv: 7, opcode: 15, payload: 'x' }),
    clientFrame({ claims: -1, payload: 'x' }),
    Buffer.alloc(100_000, 0x81),
    Buffer.from('GET /messaging/api/auth/me HTTP/1.1\r\nHost: x\r\n\r\n')
  ]
  for (const bytes of junk)
    for (const headers of [{}, { authorization: 'Bearer none' }, { authorization: 'Basic x' }]) {
      const raw = await RawConnection.open(url)
      raw.write(Buffer.concat([Buffer.from(handshake(url, { headers })), bytes]))
      t.equal(await raw.until(statusOf), 401)
      await raw.closed
      t.equal(httpAnswers(raw.received).length, 1, 'one answer, and the connection is over')
    }
  await othersAreServed(t)
})

t.test('SEC-HOSTILE-BYTES handshakes that are none', async (t) => {
  const good = handshake(url, { headers: { authorization } })
  const without = (line: RegExp) => good.replace(line, '')
  const cases: Record<string, [bytes: string, statuses: number[]]> = {
    '2,000 short headers': [good.replace('\r\n\r\n', `\r\n${'a: b\r\n'.repeat(2_000)}\r\n`), [431]],
    '2,000 long headers': [
      good.replace('\r\n\r\n', `\r\n${'x-filler: 0123456789\r\n'.repeat(2_000)}\r\n`),
      [431]
    ],
    'the token behind a hundred other headers': [
      `${without(/authorization.*\r\n/).slice(0, -2)}${'a: b\r\n'.repeat(200)}authorization: ${authorization}\r\n\r\n`,
      [401, 431]
    ],
    'one header of 20 kB': [good.replace('\r\n\r\n', `\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`), [431]],
    'no key': [without(/Sec-WebSocket-Key.*\r\n/), [400]],
    'a key that is none': [good.replace(/Key: .*/, 'Key: x'), [400]],
    'another version': [good.replace('Version: 13', 'Version: 7'), [400, 426]],
    'POST instead of GET': [good.replace('GET', 'POST'), [400, 404, 405]],
    'a NUL in a header': [good.replace('parley.v1', 'parley\0.v1'), [400]],
    'a subprotocol that is no token': [good.replace('parley.v1', 'parley.v1,,('), [400]],
    'a path that is none': [good.replace('/ws/', '/ws/%'), [400, 404]],
    'a path out of the tree': [good.replace('/ws/', '/ws/../../etc/passwd'), [404]],
    'no HTTP at all': [`${'\x16\x03\x01'.repeat(20)}\r\n\r\n`, [400]]
  }
  for (const [name, [bytes, statuses]] of Object.entries(cases)) {
    const raw = await RawConnection.open(url)
    raw.write(bytes)
    const status = await raw.until(statusOf)
    t.ok(statuses.includes(status), `${name}: ${status}`)
    raw.destroy()
  }
  await othersAreServed(t)
})

t.test('SEC-HOSTILE-BYTES a request is never two', async (t) => {
  const hidden = [
    `POST /messaging/api/conversations/${room}/messages/ HTTP/1.1`,
    'Host: x',
    `Authorization: ${authorization}`,
    'Content-Type: application/json',
    'Content-Length: 19',
    '',
    '{"body":"smuggled"}'
  ].join('\r\n')
  const head = (...lines: string[]) =>
    [
      'POST /messaging/api/auth/login/ HTTP/1.1',
      'Host: x',
      'Content-Type: application/json',
      ...lines,
      '',
      ''
    ].join('\r\n')
  const chunked = 'Transfer-Encoding: chunked'
  const cases: Record<string, string> = {
    'CL.TE': head('Content-Length: 4', chunked) + `0\r\n\r\n${hidden}`,
    'TE.CL': head(chunked, 'Content-Length: 4') + `0\r\n\r\n${hidden}`,
    'two lengths': head('Content-Length: 0', `Content-Length: ${hidden.length}`) + hidden,
    'a list of lengths': head(`Content-Length: 0, ${hidden.length}`) + hidden,
    'a length with a sign': head('Content-Length: +0') + hidden,
    'a negative length': head('Content-Length: -1') + hidden,
    'a hexadecimal length': head('Content-Length: 0x0') + hidden,
    'TE with a space before the colon': head('Transfer-Encoding : chunked') + `0\r\n\r\n${hidden}`,
    'TE that is not chunked last': head('Transfer-Encoding: chunked, identity') + `0\r\n\r\n${hidden}`,
    'TE that nobody knows': head('Transfer-Encoding: xchunked') + `0\r\n\r\n${hidden}`,
    'TE twice': head(chunked, 'Transfer-Encoding: identity') + `0\r\n\r\n${hidden}`,
    'a chunk size that is none': head(chunked) + `zz\r\n\r\n${hidden}`,
    'a chunk size past 64 bits': head(chunked) + `fffffffffffffffff\r\n\r\n${hidden}`,
    'a chunk that is longer than it says': head(chunked) + `1\r\nxyz\r\n0\r\n\r\n${hidden}`,
    'line feeds alone': head('Content-Length: 0').replaceAll('\r\n', '\n') + hidden,
    'a folded header': head('X: a', ' b', 'Content-Length: 0') + hidden,
    'a NUL in a name': head('Conte\0nt-Length: 0') + hidden
  }
  for (const [name, bytes] of Object.entries(cases)) {
    const raw = await RawConnection.open(url)
    raw.write(bytes)
    t.equal(await raw.until(statusOf), 400, name)
    await raw.closed
    t.equal(httpAnswers(raw.received).length, 1, `${name}: one answer, and the connection is over`)
  }
  const said = (await historyOf(ann, room)).map(({ body }) => body)
  t.notOk(said.includes('smuggled'))
  await othersAreServed(t)
})

t.test('SEC-HOSTILE-BYTES bodies that are no JSON object, too large, or too much', async (t) => {
  const path = `/messaging/api/conversations/${room}/messages/`
  const send = (body: string) => ann.api.post(path, body)
  const cases: [body: string, status: number, code: string][] = [
    ['{', 400, 'invalid_json'],
    ['{"body":"x","__proto__":{"body":"y"}}', 400, 'invalid_json'],
    ['{"body":"x","constructor":{"prototype":{}}}', 400, 'invalid_json'],
    ['{"body":"x","more":1}', 400, 'validation_failed'],
    ['{"body":["x"]}', 400, 'validation_failed'],
    ['{"body":{"toString":"x"}}', 400, 'validation_failed'],
    ['{"body":1}', 400, 'validation_failed'],
    ['[]', 400, 'validation_failed'],
    ['null', 400, 'validation_failed'],
    ['{"body":"\\u0000"}', 400, 'validation_failed'],
    ['{"body":"\\ud800"}', 400, 'validation_failed'],
    [`{"body":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400, 'validation_failed'],
    [`{"body":"${'x'.repeat(limits.body_length + 1)}"}`, 400, 'validation_failed'],
    [`{"body":"${'x'.repeat(limits.request_bytes)}"}`, 413, 'payload_too_large']
  ]
  for (const [body, status, code] of cases) {
    const answer = await send(body)
    t.match([answer.status, answer.body], [status, { code }], body.slice(0, 60))
  }
  await othersAreServed(t)
})

t.test(
  'SEC-HOSTILE-BYTES the fields of a mistake are listed up to a number, and name no stack',
  async (t) => {
    const keys = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`k${n}`, n]))
    const answer = await new RestClient(url).post('/messaging/api/auth/login/', keys)
    const text = JSON.stringify(answer.body)
    t.equal(answer.status, 400)
    t.ok(text.length < 5_000, `${text.length} characters`)
    t.notMatch(text, /node_modules|at .*:\d+/)
  }
)

t.test('SEC-HOSTILE-BYTES 20,000 frames of a fuzzer, while two people talk', async (t) => {
  const figures = await fuzz({ url, pid: parley.pid, frames: 20_000, seed: 1 })
  t.comment(JSON.stringify(figures))
  const { neighbours, resident } = figures
  t.ok(neighbours.messages > 20, 'every message of the two arrived once and in order')
  t.ok(resident.end - resident.warm < 100_000_000, 'memory is about what it was')
  t.ok((figures.ends['answered to the last'] ?? 0) > 100)
})

t.test('SEC-HOSTILE-BYTES a request that does not come to its end is ended', async (t) => {
  const ended = await Promise.all(slow)
  for (const { name, status, ms } of ended) {
    t.equal(status, 408, name)
    t.ok(ms < 40_000, `${name}: after ${Math.round(ms / 1000)} s`)
  }
  await othersAreServed(t)
})

/** Requests that send a byte now and then; begun before the other tests, because they take their time. */
function startSlowRequests(): Promise<{ name: string; status: number; ms: number }>[] {
  const headers = `POST /messaging/api/auth/login/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`
  const cases: Record<string, [begin: string, drip: string]> = {
    'slow headers': [headers, 'x-slow: 1\r\n'],
    'a slow handshake': [handshake(url).slice(0, -2), 'x-slow: 1\r\n'],
    'a slow body': [`${headers}Content-Length: 1000\r\n\r\n`, ' ']
  }
  return Object.entries(cases).map(async ([name, [begin, drip]]) => {
    const start = performance.now()
    const raw = await RawConnection.open(url)
    raw.write(begin)
    const timer = setInterval(() => raw.write(drip), 1_000)
    try {
      const status = await raw.until(statusOf, 60_000)
      return { name, status, ms: performance.now() - start }
    } finally {
      clearInterval(timer)
      raw.destroy()
    }
  })
}

t.test('SEC-HOSTILE-BYTES it is still the same process, without a connection left over', async (t) => {
  t.match(await new RestClient(url).get('/healthz'), { status: 200 })
  neighbour.raw.destroy()
  await waitUntil(
    async () => {
      const metrics = String((await new RestClient(url).get('/metrics')).body)
      const open = [...metrics.matchAll(/^gateway_connections\{.*\} (\d+)$/gm)]
      return open.length > 0 && open.every(([, count]) => count === '0')
    },
    { message: 'no connection is left', timeout_ms: 10_000 }
  )
  const errors = (await parley.logs()).split('\n').filter((line) => /"level":[56]0/.test(line))
  t.strictSame(errors, [], 'and nothing in it was an error of its own')
})
