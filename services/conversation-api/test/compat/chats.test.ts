import t from 'tap'
import { api, idsOf, ORIGIN } from '../api-harness.ts'

const service = await api(t, { RATE_LIMITS: 'off' })
const { call, caller, person } = service
const alice = await person('alice')
const bob = await person('bob')

t.test('the second dialect, from registration to logout', async (t) => {
  const password = 'correct horse battery'
  const made = await call('POST', '/api/register/', { username: 'carol', password, email: 'c@example.org' })
  t.match(made, { status: 201, body: { user: { username: 'carol' } } })
  const back = await call('POST', '/api/login/', { username: 'carol', password, remember: true })
  t.match(back, { status: 200, body: made.body })
  const [cookie = ''] = [back.headers['set-cookie'] ?? []].flat().map((set) => set.split(';', 1)[0] ?? '')
  const carol = caller({ cookie, origin: ORIGIN })

  const empty = await carol.post('/api/chats/')
  t.match(empty, { status: 201, body: { name: null, participants: [made.body.user], last_message: null } })
  const chat = await carol.post('/api/chats/', {
    name: 'team',
    participants: idsOf(bob, bob),
    is_group: true
  })
  t.strictSame(Object.keys(chat.body).sort(), ['created_at', 'id', 'last_message', 'name', 'participants'])
  t.match(chat, { status: 201, body: { name: 'team', participants: [made.body.user, bob.user] } })
  t.match(await carol.post('/api/chats/', { participants: ['1'] }), { status: 400 })

  const path = `/api/chats/${chat.body.id}/`
  const sent = await carol.post(`${path}send_message/`, { content: 'Hello', chat: 1 })
  t.strictSame(Object.keys(sent.body).sort(), ['chat', 'content', 'created_at', 'id', 'sender', 'seq'])
  t.match(sent, {
    status: 201,
    body: { chat: chat.body.id, seq: 3, content: 'Hello', sender: made.body.user }
  })
  t.match(await carol.post(`${path}send_message/`, { content: ' ' }), {
    status: 400,
    body: { code: 'validation_failed' }
  })
  t.match(await carol.post(`${path}send_message/`, { body: 'x' }), { status: 400 })

  t.strictSame((await bob.get(path)).body, { ...chat.body, last_message: sent.body })
  t.strictSame((await bob.get('/api/chats/')).body, [{ ...chat.body, last_message: sent.body }])
  t.strictSame((await bob.get(`${path}messages/`)).body, [sent.body])
  t.match((await bob.get(`/messaging/api/conversations/${chat.body.id}/messages/`)).body, {
    items: [{ id: sent.body.id, body: 'Hello' }]
  })

  t.equal((await bob.delete(`${path}messages/${sent.body.id}/`)).status, 403)
  t.match(await carol.delete(`${path}messages/${sent.body.id}/`), { status: 204, text: '' })
  t.strictSame((await bob.get(`${path}messages/`)).body, [{ ...sent.body, content: null }])

  t.equal((await carol.post('/api/logout/')).status, 204)
  t.equal((await carol.get('/api/chats/')).status, 401)
})

t.test('the newest 100 messages, ascending, and those before', async (t) => {
  const { id } = (await alice.post('/api/chats', { participants: idsOf(bob) })).body
  for (let n = 0; n < 105; n++) await alice.post(`/api/chats/${id}/send_message`, { content: `${n}` })
  const contents = async (query: string) =>
    (await bob.get(`/api/chats/${id}/messages/${query}`)).body.map(
      ({ content }: { content: string }) => content
    )
  t.strictSame(
    await contents(''),
    Array.from({ length: 100 }, (_, n) => `${n + 5}`)
  )
  t.strictSame(await contents('?before=8&page=2'), ['0', '1', '2', '3', '4'])
  const key = { 'idempotency-key': 'send-1' }
  const first = await alice.post(`/api/chats/${id}/send_message`, { content: 'once' }, key)
  const again = await alice.post(`/api/chats/${id}/send_message`, { content: 'once' }, key)
  t.match(again, { status: 200, headers: { 'idempotent-replay': 'true' } })
  t.strictSame(again.body, first.body)
  t.equal((await alice.post(`/api/chats/${id}/send_message`, { content: 'other' }, key)).status, 409)
})

t.test('SEC-CHATS others see nothing of it', async (t) => {
  const { id } = (await alice.post('/api/chats')).body
  const { body } = await alice.post(`/api/chats/${id}/send_message`, { content: 'secret' })
  for (const reply of [
    await bob.get(`/api/chats/${id}/`),
    await bob.get(`/api/chats/${id}/messages/`),
    await bob.post(`/api/chats/${id}/send_message/`, { content: 'x' }),
    await bob.delete(`/api/chats/${id}/messages/${body.id}/`),
    await bob.get('/api/chats/1/')
  ])
    t.match(reply, { status: 404, body: { code: 'not_found' } })
  t.notMatch((await bob.get('/api/chats/')).text, id)
  t.strictSame(await service.sparseLines(), [])
})
