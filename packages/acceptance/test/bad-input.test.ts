import {
  ChangePage,
  Chat,
  ChatMessage,
  closeCodes,
  ConversationPage,
  Message,
  Problem
} from '@parley/contracts'
import { openSocket, type SocketOptions, type TestSocket } from '@parley/testing'
import t, { type Test } from 'tap'
import {
  bodyOf,
  CONVERSATIONS,
  historyOf,
  makeRoom,
  nextFrame,
  nextSimple,
  RestClient,
  refusalOf,
  refusedUpgrade,
  say,
  shaped,
  signUp
} from '../src/index.ts'
import { testStandalone } from './standalone-fixture.ts'

t.setTimeout(120_000)

const { url, pid } = await testStandalone(t, { env: { RATE_LIMITS: 'off' } })
const [ann, ben, eve] = await Promise.all([signUp(url, 'ann'), signUp(url, 'ben'), signUp(url, 'eve')])
const room = await makeRoom(ann, ben)
const hello = await say(ann, room, 'hello')
const gone = await say(ann, room, 'to be deleted')
await ann.api.delete(`${CONVERSATIONS}${room}/messages/${gone.id}/`)
await say(ben, room, 'hi')

const nobody = '01890000-0000-7000-8000-000000000000'
const longest = '👋'.repeat(16_000)
const badTexts: [string, unknown][] = [
  ['an empty text', ''],
  ['a blank text', ' \n\t\u2003'],
  ['16,001 characters', 'x'.repeat(16_001)],
  ['16,001 code points', `${longest}👋`],
  ['a number', 5],
  ['null', null],
  ['a list', ['hello']],
  ['an object', { text: 'hello' }],
  ['a NUL', 'a\u0000b'],
  ['half a surrogate pair', 'a\ud800b']
]

t.test('bad bodies over REST', async (t) => {
  const messages = `${CONVERSATIONS}${room}/messages/`
  const sendMessage = `/api/chats/${room}/send_message/`
  await changesNothing(t, async () => {
    for (const [what, text] of badTexts) {
      for (const [path, body] of [
        [messages, { body: text }],
        [sendMessage, { content: text }]
      ] as const)
        t.equal(refusalOf(await ann.api.post(path, body)), '400 validation_failed', `${what} to ${path}`)
    }
    for (const path of [
      messages,
      sendMessage,
      CONVERSATIONS,
      '/api/chats/',
      `${CONVERSATIONS}${room}/members/`
    ])
      for (const text of ['{"body": "hi"', 'hello', '{"body": \'hi\'}', '{"__proto__": {"body": "hi"}}'])
        t.equal(refusalOf(await ann.api.post(path, text)), '400 invalid_json', `${text} to ${path}`)
    for (const [path, body] of [
      [messages, undefined],
      [messages, {}],
      [messages, []],
      [messages, 'null'],
      [messages, { content: 'the other name' }],
      [messages, { body: 'hi', reply_to_id: 7 }],
      [messages, { body: 'hi', client_id: '' }],
      [CONVERSATIONS, []],
      [CONVERSATIONS, { title: '' }],
      [CONVERSATIONS, { title: '\u200b \u3164' }],
      [CONVERSATIONS, { title: 'x'.repeat(201) }],
      [CONVERSATIONS, { kind: 'channel' }],
      [CONVERSATIONS, { kind: 'direct' }],
      [CONVERSATIONS, { member_ids: ben.user.id }],
      [CONVERSATIONS, { member_ids: [nobody] }],
      ['/api/chats/', { participants: 'ben' }],
      ['/api/chats/', { participants: [nobody] }],
      [sendMessage, { body: 'the other name' }],
      [`${CONVERSATIONS}${room}/members/`, { user_id: 5 }],
      [`${CONVERSATIONS}${room}/members/`, { user_id: nobody }],
      [`${CONVERSATIONS}${room}/members/`, { user_id: eve.user.id, role: 'king' }]
    ] as const)
      t.equal(
        refusalOf(await ann.api.post(path, body)),
        '400 validation_failed',
        `${JSON.stringify(body)} to ${path}`
      )
    const large = await ann.api.post(messages, { body: 'x'.repeat(256 * 1024) })
    t.equal(refusalOf(large), '413 payload_too_large')
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      t.equal(
        refusalOf(await ann.api.post(messages, '{"body":"hi"}', { 'content-type': type })),
        '415 unsupported_media_type'
      )
    for (const query of ['limit=0', 'limit=201', 'limit=x', 'before=-1', 'after=1.5', 'since=1'])
      t.equal(refusalOf(await ann.api.get(`${messages}?${query}`)), '400 validation_failed', query)
  })
  const refused = await ann.api.post(messages, { body: 5 })
  t.match(shaped(Problem, refused.body).errors, [{ pointer: '/body', reason: String }])
})

t.test('unknown fields are refused, but for the second dialect, whose clients send them', async (t) => {
  const { username } = ann.user
  const anyone = new RestClient(url)
  await changesNothing(t, async () => {
    for (const [path, body] of [
      [CONVERSATIONS, { name: 'x' }],
      [`${CONVERSATIONS}${room}/messages/`, { body: 'hi', chat: room }],
      [`${CONVERSATIONS}${room}/members/`, { user_id: eve.user.id, extra: 1 }]
    ] as const) {
      const refused = await ann.api.post(path, body)
      t.equal(refusalOf(refused), '400 validation_failed', path)
      t.match(shaped(Problem, refused.body).errors, [{ pointer: /^\/(name|chat|extra)$/ }])
    }
    const login = { username, password: ann.password, remember: true }
    t.equal(refusalOf(await anyone.post('/messaging/api/auth/login/', login)), '400 validation_failed')
    t.equal((await anyone.post('/api/login/', login)).status, 200)
  })
  const chat = bodyOf(await eve.api.post('/api/chats/', { name: 'Hers', color: 'red' }), 201, Chat)
  const said = await eve.api.post(`/api/chats/${chat.id}/send_message/`, {
    content: 'hi',
    chat: 1,
    sender: 2
  })
  t.equal(bodyOf(said, 201, ChatMessage).content, 'hi')
})

t.test('bad accounts', async (t) => {
  const anyone = new RestClient(url)
  const password = 'long enough'
  for (const path of ['/messaging/api/auth/register/', '/api/register/'])
    for (const body of [
      {},
      { username: 'fay' },
      { username: '', password },
      { username: 'with space', password },
      { username: 'x'.repeat(65), password },
      { username: 'fay', password: 'short' },
      { username: 'fay', password: 'x'.repeat(1_025) },
      { username: 'fay', password: 'password' },
      { username: ['fay'], password },
      { username: 'fay', password, display_name: ' ' }
    ])
      t.equal(refusalOf(await anyone.post(path, body)), '400 validation_failed', JSON.stringify(body))
  const missing = { username: 'fay', password }
  t.equal(refusalOf(await anyone.post('/messaging/api/auth/login', missing)), '401 invalid_credentials')
  for (const headers of [
    {},
    { authorization: 'Bearer wrong' },
    { authorization: 'Basic eDp4' },
    { cookie: 'parley_session=x' }
  ])
    t.equal(refusalOf(await new RestClient(url, headers).get(CONVERSATIONS)), '401 unauthenticated')
})

t.test('what one may not see is not there: 404, whether it exists or not', async (t) => {
  const { id } = hello
  const foreign = `${CONVERSATIONS}${room}/`
  const calls: [method: string, path: string, body?: object][] = [
    ['GET', ''],
    ['PATCH', '', { title: 'mine' }],
    ['DELETE', ''],
    ['GET', 'members/'],
    ['POST', 'members/', { user_id: eve.user.id }],
    ['DELETE', `members/${ben.user.id}/`],
    ['GET', 'messages/'],
    ['POST', 'messages/', { body: 'hi' }],
    ['GET', `messages/${id}/`],
    ['PATCH', `messages/${id}/`, { body: 'hers' }],
    ['DELETE', `messages/${id}/`],
    ['POST', 'read/', { seq: 1 }],
    ['GET', 'changes/?since=0']
  ]
  const dialect: typeof calls = [
    ['GET', ''],
    ['GET', 'messages/'],
    ['POST', 'send_message/', { content: 'hi' }],
    ['DELETE', `messages/${id}/`]
  ]
  await changesNothing(t, async () => {
    for (const [base, of] of [
      [CONVERSATIONS, calls],
      ['/api/chats/', dialect]
    ] as const)
      for (const [method, path, body] of of) {
        const answers = []
        for (const which of [room, nobody, '1', 'x'.repeat(300)])
          answers.push(await eve.api.ask(method, `${base}${which}/${path}`, body))
        const [first] = answers
        t.equal(first && refusalOf(first), '404 not_found', `${method} ${base}…/${path}`)
        for (const answer of answers) t.same(answer.body, first?.body)
      }
    for (const which of [nobody, '1', id.toUpperCase()]) {
      const message = `${foreign}messages/${which}/`
      t.equal(refusalOf(await ann.api.get(message)), '404 not_found')
      t.equal(refusalOf(await ann.api.delete(message)), '404 not_found')
      t.equal(refusalOf(await ann.api.delete(`/api/chats/${room}/messages/${which}/`)), '404 not_found')
    }
    t.equal(refusalOf(await ann.api.delete(`${foreign}members/${eve.user.id}/`)), '404 not_found')
    t.equal(refusalOf(await ann.api.get(`/messaging/api/users/${nobody}/`)), '404 not_found')
    t.equal(refusalOf(await ann.api.ask('PUT', foreign)), '405 method_not_allowed')
    t.equal(
      refusalOf(await ben.api.ask('PATCH', `${foreign}messages/${id}/`, { body: 'x' })),
      '403 forbidden'
    )
  })
  const { items } = bodyOf(await eve.api.get(CONVERSATIONS), 200, ConversationPage)
  t.notOk(items.some((item) => item.id === room))
})

t.test('a deleted message is deleted again: as before, and no new number', async (t) => {
  const path = `${CONVERSATIONS}${room}/messages/${gone.id}/`
  await changesNothing(t, async () => {
    t.equal((await ann.api.delete(path)).status, 204)
    t.equal((await ann.api.delete(`/api/chats/${room}/messages/${gone.id}/`)).status, 204)
    t.equal(refusalOf(await ann.api.ask('PATCH', path, { body: 'back' })), '409 message_deleted')
  })
})

t.test('sockets that are refused', async (t) => {
  const at = `/ws/chat/${room}/`
  const knock = (path: string, options: SocketOptions) => refusedUpgrade(openSocket(`${url}${path}`, options))
  await changesNothing(t, async () => {
    const refusals = []
    for (const which of [room, nobody, '1', 'not-an-id'])
      for (const protocol of [[], 'parley.v1'])
        refusals.push(await refusedUpgrade(eve.connect(`/ws/chat/${which}/`, { protocol })))
    t.same(new Set(refusals), new Set(['404 not_found']))
    for (const path of [at, '/ws/', '/ws/notifications/', `${at}?token=${ann.token}`])
      for (const headers of [{}, { authorization: 'Bearer wrong' }])
        t.equal(await knock(path, { protocol: 'parley.v1', headers }), '401 unauthenticated', path)
    const { cookie } = ann
    t.equal(await knock(at, { headers: { cookie } }), '403 origin_forbidden', 'no Origin')
    for (const origin of ['http://evil.example', 'null', `${url}.evil.example`, url.replace(/\d+$/, '1')])
      t.equal(await knock(at, { headers: { cookie, origin } }), '403 origin_forbidden', origin)
    t.equal(await refusedUpgrade(ann.connect('/ws/nowhere/')), '404 not_found')
  })
})

t.test('bad frames in the simple dialect', async (t) => {
  await changesNothing(t, async () => {
    const socket = await ann.connect(`/ws/chat/${room}/`)
    const refused = async (frame: unknown, code: string, what: string) => {
      socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
      t.equal((await nextSimple(socket, 'error')).code, code, what)
    }
    for (const text of ['{"body": "hi"', 'hello', '', '"hello"', '[]', 'null'])
      await refused(text, 'malformed_frame', text)
    for (const [what, text] of badTexts.slice(0, 6)) await refused({ body: text }, 'validation_failed', what)
    for (const [what, text] of badTexts.slice(6)) await refused({ content: text }, 'validation_failed', what)
    await refused({ type: 'message' }, 'validation_failed', 'no text')
    t.equal(socket.ws.readyState, socket.ws.OPEN)
    await socket.close()
    await closesBad(t, () => ann.connect(`/ws/chat/${room}/`))
  })
  const socket = await ann.connect(`/ws/chat/${await makeRoom(ann)}/`)
  socket.send({ body: longest })
  t.equal((await nextSimple(socket, 'message')).message.content, longest, '16,000 code points are fine')
  await socket.close()
})

t.test('bad frames of parley.v1', async (t) => {
  const protocol = 'parley.v1'
  await changesNothing(t, async () => {
    const socket = await eve.connect('/ws/', { protocol })
    const message = { conversation_id: room, client_id: 'c', body: 'hi' }
    const about = { conversation_id: room, message_id: hello.id }
    for (const [code, frame] of [
      ['malformed_frame', '{"type": "send"'],
      ['malformed_frame', '[]'],
      ['unknown_frame', {}],
      ['unknown_frame', { type: 'shout', body: 'hi' }],
      ['unknown_frame', { type: '__proto__' }],
      ['validation_failed', { type: 'send', ...message, body: ' ' }],
      ['validation_failed', { type: 'send', ...message, body: 'x'.repeat(16_001) }],
      ['validation_failed', { type: 'send', ...message, client_id: undefined }],
      ['validation_failed', { type: 'send', ...message, extra: true }],
      ['validation_failed', { type: 'send', ...message, conversation_id: '1' }],
      ['validation_failed', { type: 'subscribe', conversation_id: room, since: -1 }],
      ['not_found', { type: 'subscribe', conversation_id: room }],
      ['not_found', { type: 'subscribe', conversation_id: nobody, since: 0 }],
      ['not_found', { type: 'send', ...message }],
      ['not_found', { type: 'edit', ...about, body: 'hers' }],
      ['not_found', { type: 'delete', ...about }],
      ['not_found', { type: 'read', conversation_id: room, seq: 1 }],
      ['not_subscribed', { type: 'unsubscribe', conversation_id: room }]
    ] as const) {
      socket.send(typeof frame === 'string' ? frame : { ref: 'r', ...frame })
      const error = await nextFrame(socket, 'error')
      t.equal(error.code, code, JSON.stringify(frame))
      if (typeof frame !== 'string') t.equal(error.ref, 'r')
    }
    await socket.close()
    await closesBad(t, () => ann.connect('/ws/', { protocol }))
    const member = await ann.connect(`/ws/chat/${room}/`, { protocol })
    const { head } = await nextFrame(member, 'subscribed')
    member.send({ type: 'subscribe', conversation_id: room, since: head + 1 })
    t.match(await nextFrame(member, 'error'), { code: 'cursor_ahead', head })
    member.send({ type: 'delete', ref: 1, conversation_id: room, message_id: gone.id })
    t.match(await nextFrame(member, 'ack'), { seq: gone.seq + 1 }, 'deleted again: the number it has')
    await member.close()
  })
})

t.test('it still runs, in the same process', async (t) => {
  t.equal((await new RestClient(url).get('/readyz')).status, 200)
  t.doesNotThrow(() => process.kill(pid, 0))
  t.match(bodyOf(await ann.api.get(`${CONVERSATIONS}${room}/messages/${hello.id}/`), 200, Message), hello)
})

/** Binary frames and frames over 64 KiB end the connection. */
async function closesBad(t: Test, open: () => Promise<TestSocket>): Promise<void> {
  const { protocol_error } = closeCodes
  for (const bytes of [Buffer.from('{"body":"hi"}'), JSON.stringify({ body: 'x'.repeat(64 * 1024) })]) {
    const socket = await open()
    socket.send(bytes)
    const { code } = await socket.closed
    t.equal(code, protocol_error)
  }
}

/** Looks at the conversation before and after: messages, head, members; and that its number line has no hole. */
async function changesNothing(t: Test, work: () => Promise<void>): Promise<void> {
  const before = await lookAt()
  const watcher = await ann.connect(`/ws/chat/${room}/`, { protocol: 'parley.v1' })
  await nextFrame(watcher, 'subscribed')
  await work()
  t.same(await lookAt(), before, 'nothing changed')
  const heard = watcher.frames.filter(
    ({ type }) => !['welcome', 'subscribed', 'presence'].includes(`${type}`)
  )
  t.same(heard, [], 'and nothing was told')
  await watcher.close()
}

async function lookAt() {
  const changes = bodyOf(
    await ann.api.get(`${CONVERSATIONS}${room}/changes/?since=0&limit=1000`),
    200,
    ChangePage
  )
  const { items } = bodyOf(await ann.api.get(CONVERSATIONS), 200, ConversationPage)
  const { body: members } = await ann.api.get(`${CONVERSATIONS}${room}/members/`)
  return { changes, members, history: await historyOf(ann, room), conversations: items }
}
