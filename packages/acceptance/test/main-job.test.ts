import {
  Chat,
  ChatMessage,
  Conversation,
  ConversationPage,
  Member,
  MemberPage,
  Message,
  MessagePage,
  SignedIn,
  Token
} from '@parley/contracts'
import { openSocket } from '@parley/testing'
import t from 'tap'
import {
  bodyOf,
  CONVERSATIONS,
  cookieOf,
  findRoom,
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

const { url } = await testStandalone(t)
const [ann, ben] = await Promise.all([signUp(url, 'ann'), signUp(url, 'ben')])

t.test('it says how it is and what it can do', async (t) => {
  const anyone = new RestClient(url)
  for (const path of ['/', '/healthz', '/readyz', '/metrics', '/messaging/api/docs/'])
    t.equal((await anyone.get(path)).status, 200, path)
  t.equal(refusalOf(await anyone.get('/nowhere')), '404 not_found')
})

t.test('register, login, me and logout with a cookie', async (t) => {
  const credentials = { username: 'Cora.Cookie', password: 'kept in a cookie jar' }
  const browser = (cookie?: string) => new RestClient(url, { origin: url, ...(cookie ? { cookie } : {}) })
  const auth = (call: string) => `/messaging/api/auth/${call}/`

  const registered = await browser().post(auth('register'), { ...credentials, display_name: 'Cora' })
  const { user } = bodyOf(registered, 201, SignedIn)
  t.match(user, { username: 'Cora.Cookie', display_name: 'Cora' })
  const [setCookie = ''] = registered.headers.getSetCookie()
  t.match(setCookie, /^parley_session=[\w-]{43,};/)
  t.match(setCookie, /; HttpOnly/i)
  t.match(setCookie, /; SameSite=(Lax|Strict)/i)
  t.match(setCookie, /; Path=\//i)
  t.equal(
    refusalOf(await browser().post(auth('register'), { ...credentials, username: 'cora.COOKIE' })),
    '409 username_taken'
  )

  const loggedIn = await browser().post(auth('login'), credentials)
  t.same(bodyOf(loggedIn, 200, SignedIn), { user })
  const cora = browser(cookieOf(loggedIn))
  t.same(bodyOf(await cora.get(auth('me')), 200, SignedIn), { user })
  t.equal((await cora.get('/messaging/api/auth/me')).headers.get('cache-control'), 'no-store')
  for (const wrong of [
    { ...credentials, password: 'something else' },
    { ...credentials, username: 'nobody' }
  ])
    t.equal(refusalOf(await browser().post(auth('login'), wrong)), '401 invalid_credentials')

  for (const origin of ['http://evil.example', 'null', `${url}.evil.example`])
    t.equal(refusalOf(await cora.post(auth('logout'), undefined, { origin })), '403 origin_forbidden')
  t.equal((await cora.post(auth('logout'))).status, 204)
  t.equal(refusalOf(await cora.get(auth('me'))), '401 unauthenticated')
  t.same(bodyOf(await browser(cookieOf(registered)).get(auth('me')), 200, SignedIn), { user })
})

t.test('a bearer token needs no Origin, and ends with its logout', async (t) => {
  const { username } = ann.user
  const anyone = new RestClient(url)
  const answer = await anyone.post('/messaging/api/auth/token', { username, password: ann.password })
  const { token, user } = bodyOf(answer, 200, Token)
  t.same(user, ann.user)
  t.same(answer.headers.getSetCookie(), [])
  const api = new RestClient(url, { authorization: `Bearer ${token}` })
  t.equal((await api.post('/messaging/api/auth/logout')).status, 204)
  t.equal(refusalOf(await api.get('/messaging/api/auth/me')), '401 unauthenticated')
  t.equal((await ann.api.get('/messaging/api/auth/me')).status, 200)
})

t.test('conversations: created with and without a body, listed, read, joined', async (t) => {
  const cora = await signUp(url, 'cora')
  const bare = bodyOf(await cora.api.post(CONVERSATIONS), 201, Conversation)
  t.match(bare, { kind: 'group', title: null, role: 'owner', member_count: 1, last_message: null })
  const typed = { 'content-type': 'application/json' }
  const empty = bodyOf(await cora.api.post(CONVERSATIONS, undefined, typed), 201, Conversation)
  const braces = bodyOf(await cora.api.post(CONVERSATIONS.slice(0, -1), {}), 201, Conversation)
  t.equal(new Set([bare.id, empty.id, braces.id]).size, 3)

  const named = { title: 'Lunch', member_ids: [ben.user.id] }
  const lunch = bodyOf(await cora.api.post(CONVERSATIONS, named), 201, Conversation)
  t.match(lunch, { title: 'Lunch', member_count: 2 })
  const direct = { kind: 'direct', member_ids: [ben.user.id] }
  const pair = bodyOf(await cora.api.post(CONVERSATIONS, direct), 201, Conversation)
  t.equal(bodyOf(await cora.api.post(CONVERSATIONS, direct), 200, Conversation).id, pair.id)

  const join = { user_id: ann.user.id }
  const added = await cora.api.post(`${CONVERSATIONS}${lunch.id}/members/`, join)
  t.match(bodyOf(added, 201, Member), { user: ann.user, role: 'member' })
  t.equal((await cora.api.post(`${CONVERSATIONS}${lunch.id}/members/`, join)).status, 200)
  t.match(await findRoom(ann, lunch.id), { id: lunch.id, role: 'member', member_count: 3 })
  const members = bodyOf(await ann.api.get(`${CONVERSATIONS}${lunch.id}/members/`), 200, MemberPage)
  t.same(
    members.items.map(({ user }) => user),
    [cora.user, ben.user, ann.user]
  )

  await say(cora, bare.id, 'to myself')
  const { items } = bodyOf(await cora.api.get(CONVERSATIONS), 200, ConversationPage)
  t.equal(items.length, 5)
  t.equal(items[0]?.id, bare.id, 'the newest activity comes first')
})

t.test('messages over REST: sent, retried, listed, deleted', async (t) => {
  const room = await makeRoom(ann, ben)
  const path = `${CONVERSATIONS}${room}/messages/`
  const first = await say(ann, room, ' as it was\nsent 👋 ')
  t.match(first, { conversation_id: room, sender: ann.user, body: ' as it was\nsent 👋 ', deleted_at: null })
  const retried = { body: 'once', client_id: 'intent-1' }
  const once = bodyOf(await ben.api.post(path, retried), 201, Message)
  const again = await ben.api.post(path, retried)
  t.same(bodyOf(again, 200, Message), once)
  t.equal(again.headers.get('idempotent-replay'), 'true')
  t.equal(once.seq, first.seq + 1)
  const last = await say(ann, room, 'three')

  const page = bodyOf(await ben.api.get(path), 200, MessagePage)
  t.same(page.items, [first, once, last])
  t.equal(page.head, last.seq)
  const older = bodyOf(await ben.api.get(`${path}?before=${last.seq}&limit=1`), 200, MessagePage)
  t.same(older.items, [once])
  t.same(bodyOf(await ben.api.get(`${path}?after=${first.seq}`), 200, MessagePage).items, [once, last])
  t.match(await findRoom(ben, room), { unread_count: 2, last_message: { id: last.id } })

  t.equal((await ann.api.delete(`${path}${first.id}/`)).status, 204)
  const tombstone = bodyOf(await ben.api.get(`${path}${first.id}/`), 200, Message)
  t.match(tombstone, { seq: first.seq, changed_seq: last.seq + 1, body: null, deleted_at: String })
  t.equal(refusalOf(await ben.api.delete(`${path}${last.id}/`)), '403 forbidden')
})

t.test('/ws/chat/ in the simple dialect', async (t) => {
  const room = await makeRoom(ann, ben)
  // A proxy's own authentication, which the browser adds, is none of Parley's business.
  const basic = { authorization: 'Basic eDp4' }
  const [a, b] = await Promise.all([
    openSocket(`${url}/ws/chat/${room}/`, { headers: { ...basic, cookie: ann.cookie, origin: url } }),
    ben.connect(`/ws/chat/${room}`)
  ])
  t.equal(a.protocol, '')

  a.send({ body: 'in one name' })
  const [seenByAnn, seenByBen] = await Promise.all([nextSimple(a, 'message'), nextSimple(b, 'message')])
  t.same(seenByAnn, seenByBen, 'the sender is one of the group')
  const { message } = seenByBen
  const both = { body: 'in one name', content: 'in one name', conversation: room, chat: room }
  t.match(message, { ...both, sender: ann.user })

  b.send({ content: 'in the other', chat: room, unknown: true })
  const { message: other } = await nextSimple(a, 'message')
  t.match(other, { body: 'in the other', content: 'in the other', sender: ben.user, seq: message.seq + 1 })
  await say(ann, room, 'over REST')
  t.match(await nextSimple(a, 'message'), { message: { content: 'over REST' } })

  await ann.api.delete(`${CONVERSATIONS}${room}/messages/${message.id}/`)
  const deleted = { message_id: message.id, conversation: room, chat: room }
  t.match(await nextSimple(a, 'message_deleted'), deleted)
  t.match(await nextSimple(b, 'message_deleted'), deleted)

  const late = await ben.connect(`/ws/chat/${room}/?since=${message.seq}`)
  t.equal((await nextSimple(late, 'message')).message.id, other.id, 'what was missed comes first')
  await Promise.all([a.close(), b.close(), late.close()])
  t.same(
    (await historyOf(ann, room)).map(({ body }) => body),
    [null, 'in the other', 'over REST']
  )
})

t.test('/ws/notifications/ follows all my conversations, new ones too', async (t) => {
  const [dan, eve] = await Promise.all([signUp(url, 'dan'), signUp(url, 'eve')])
  const before = await Promise.all([makeRoom(dan, eve), makeRoom(dan, eve)])
  const inbox = await eve.connect('/ws/notifications/')
  const made = await makeRoom(dan, eve)
  const joined = await makeRoom(dan)
  await dan.api.post(`${CONVERSATIONS}${joined}/members/`, { user_id: eve.user.id })

  for (const room of [...before, made, joined]) {
    const own = await say(eve, room, 'my own')
    const { id, seq } = await say(dan, room, `psst ${room}`)
    const about = { conversation_id: room, message_id: id, sender: dan.user }
    const news = await nextSimple(inbox, 'notification')
    t.match(news, { ...about, kind: 'new_message', seq, preview: `psst ${room}` }, 'and none of my own')
    await dan.api.delete(`${CONVERSATIONS}${room}/messages/${id}/`)
    const gone = await nextSimple(inbox, 'notification')
    t.match(gone, { ...about, kind: 'message_deleted', seq: seq + 1, preview: null })
    await dan.api.delete(`${CONVERSATIONS}${room}/messages/${own.id}/`)
    const taken = { kind: 'message_deleted', message_id: own.id, sender: eve.user }
    t.match(await nextSimple(inbox, 'notification'), taken, 'the author hears that the owner deleted it')
  }
  await inbox.close()
})

t.test('the second dialect shows the same data', async (t) => {
  const { username } = ann.user
  const login = await new RestClient(url).post('/api/login/', { username, password: ann.password, next: '/' })
  t.equal(login.status, 200)
  const old = new RestClient(url, { cookie: cookieOf(login), origin: url })
  const participants = [ben.user.id]
  const chat = bodyOf(await old.post('/api/chats/', { name: 'Old', participants }), 201, Chat)
  t.match(chat, { name: 'Old', last_message: null })
  t.same(chat.participants, [ann.user, ben.user])
  t.match(await findRoom(ben, chat.id), { kind: 'group', title: 'Old' })
  bodyOf(await old.post('/api/chats/'), 201, Chat)

  const messages = `/api/chats/${chat.id}/messages/`
  const sent = await old.post(`/api/chats/${chat.id}/send_message/`, { content: 'Hello', chat: 1 })
  const hello = bodyOf(sent, 201, ChatMessage)
  t.match(hello, { chat: chat.id, content: 'Hello', sender: ann.user })
  const reply = await say(ben, chat.id, 'Hi')
  const history = (await old.get(messages)).body as unknown[]
  t.same(
    history.map((message) => shaped(ChatMessage, message).content),
    ['Hello', 'Hi']
  )
  t.equal(
    bodyOf(await ben.api.get(`${CONVERSATIONS}${chat.id}/messages/${hello.id}`), 200, Message).body,
    'Hello'
  )
  const [newest] = (await old.get('/api/chats/')).body as unknown[]
  t.match(shaped(Chat, newest), { id: chat.id, last_message: { content: 'Hi' } })
  t.match(bodyOf(await old.get(`/api/chats/${chat.id}/`), 200, Chat).last_message, { id: reply.id })

  t.equal((await old.delete(`${messages}${hello.id}/`)).status, 204)
  t.match((await old.get(messages)).body, [{ id: hello.id, content: null }, { content: 'Hi' }])
  t.equal((await old.post('/api/logout/')).status, 204)
  t.equal(refusalOf(await old.get('/api/chats/')), '401 unauthenticated')
})

t.test('parley.v1 on /ws/ and on /ws/chat/', async (t) => {
  const room = await makeRoom(ann, ben)
  const protocol = 'parley.v1'
  const many = await ann.connect('/ws/', { protocol })
  t.equal(many.protocol, protocol)
  t.match(await nextFrame(many, 'welcome'), { user: ann.user, limits: { body_length: 16_000 } })
  many.send({ type: 'subscribe', ref: 1, conversation_id: room })
  const { head } = await nextFrame(many, 'subscribed')
  const one = await ben.connect(`/ws/chat/${room}/`, { protocol })
  t.match(await nextFrame(one, 'subscribed'), { conversation_id: room, head, role: 'member' })

  one.send({ type: 'send', ref: 'r', conversation_id: room, client_id: 'c-1', body: 'framed' })
  t.match(await nextFrame(one, 'ack'), { ref: 'r', conversation_id: room, seq: head + 1 })
  const frame = await nextFrame(many, 'message')
  t.match(frame, { conversation_id: room, seq: head + 1, prev: head, message: { body: 'framed' } })
  one.send({ type: 'send', ref: 's', conversation_id: room, client_id: 'c-1', body: 'framed' })
  t.match(await nextFrame(one, 'ack'), { ref: 's', seq: head + 1, replay: true })
  one.send({ type: 'delete', ref: 't', conversation_id: room, message_id: frame.message.id })
  t.match(await nextFrame(one, 'ack'), { ref: 't', seq: head + 2 })
  t.match(await nextFrame(many, 'message_deleted'), {
    seq: head + 2,
    prev: head + 1,
    message: { body: null }
  })

  const later = await makeRoom(ben)
  many.send({ type: 'subscribe_all', ref: 2 })
  await nextFrame(many, 'subscribed_all')
  await ben.api.post(`${CONVERSATIONS}${later}/members/`, { user_id: ann.user.id })
  await say(ben, later, 'you are in')
  t.match(await nextFrame(many, 'message'), { conversation_id: later, message: { body: 'you are in' } })
  await Promise.all([many.close(), one.close()])
  t.equal(await refusedUpgrade(ann.connect('/ws/')), '400 subprotocol_required')
})
