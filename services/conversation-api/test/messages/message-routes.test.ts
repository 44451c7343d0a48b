import { randomUUID } from 'node:crypto'
import { limits, Message, MessagePage, validator } from '@parley/contracts'
import t from 'tap'
import { api } from '../api-harness.ts'

const isMessage = validator(Message)
const isPage = validator(MessagePage)

async function room(test: Parameters<typeof api>[0], overrides: Parameters<typeof api>[1] = {}) {
  const service = await api(test, overrides)
  const [ann, bob, eve] = [
    await service.person('ann'),
    await service.person('bob'),
    await service.person('eve')
  ]
  const made = await ann.post('conversations/', { member_ids: [bob.user.id] })
  const path = `conversations/${made.body.id}`
  return { ...service, ann, bob, eve, path, id: made.body.id as string }
}

t.test('send, read, list', async (t) => {
  const { ann, bob, eve, path } = await room(t)
  const sent = await ann.post(`${path}/messages/`, { body: '  hello\n👋 ' })
  t.equal(sent.status, 201)
  t.ok(isMessage(sent.body))
  t.match(sent.body, { seq: 3, changed_seq: 3, body: '  hello\n👋 ', client_id: null, sender: ann.user })
  t.same((await bob.get(`${path}/messages/${sent.body.id}`)).body, sent.body)

  for (let n = 0; n < 6; n++) await bob.post(`${path}/messages`, { body: `${n}` })
  const newest = await ann.get(`${path}/messages/?limit=3`)
  t.ok(isPage(newest.body))
  const bodies = (page: typeof newest) => page.body.items.map((m: Message) => m.body)
  t.same(bodies(newest), ['3', '4', '5'])
  t.match(newest.body, { head: 9, next_cursor: '7' })
  t.same(bodies(await ann.get(`${path}/messages/?limit=3&before=7`)), ['0', '1', '2'])
  const first = await ann.get(`${path}/messages/?after=0&limit=2`)
  t.same(bodies(first), ['  hello\n👋 ', '0'])
  t.equal(first.body.next_cursor, '4')
  t.equal((await ann.get(`${path}/messages/?after=4`)).body.next_cursor, null)
  t.equal((await ann.get(`${path}/messages/`)).headers['cache-control'], 'no-store')

  for (const [who, on] of [
    [eve, path],
    [ann, `conversations/${randomUUID()}`],
    [ann, 'conversations/1']
  ] as const) {
    t.match(await who.get(`${on}/messages/`), { status: 404, body: { code: 'not_found' } })
    t.match(await who.post(`${on}/messages/`, { body: 'x' }), { status: 404, body: { code: 'not_found' } })
  }
})

t.test('bad bodies change nothing', async (t) => {
  const { ann, call, path } = await room(t)
  const url = `${path}/messages/`
  const bad: [unknown, string][] = [
    [{}, '/body'],
    [{ body: '' }, '/body'],
    [{ body: ' \n\t ' }, '/body'],
    [{ body: 'x'.repeat(limits.body_length + 1) }, '/body'],
    [{ body: 7 }, '/body'],
    [{ body: null }, '/body'],
    [{ body: 'a\u0000b' }, '/body'],
    [{ body: 'x', extra: 1 }, '/extra'],
    [{ body: 'x', client_id: 'with space' }, '/client_id'],
    [{ body: 'x', reply_to_id: 'nobody' }, '/reply_to_id'],
    [{ body: 'x', reply_to_id: randomUUID() }, '/reply_to_id'],
    [[], '']
  ]
  for (const [body, pointer] of bad) {
    const answer = await ann.post(url, body)
    t.match(answer, { status: 400, body: { code: 'validation_failed' } }, JSON.stringify(body).slice(0, 40))
    t.ok(answer.body.errors.some((e: { pointer: string }) => e.pointer === pointer))
  }
  const auth = { authorization: `Bearer ${ann.token}`, 'content-type': 'application/json' }
  t.match(await call('POST', url, '{"body":', auth), { status: 400, body: { code: 'invalid_json' } })
  t.match(await call('POST', url, '{"body":"x","__proto__":{}}', auth), {
    status: 400,
    body: { code: 'invalid_json' }
  })
  t.match(
    await call('POST', url, 'body=x', { ...auth, 'content-type': 'application/x-www-form-urlencoded' }),
    {
      status: 415
    }
  )
  t.match(await ann.post(url, { body: 'x'.repeat(limits.request_bytes) }), { status: 413 })
  t.equal((await ann.get(url)).body.head, 2)
  t.equal(
    (await ann.post(url, { body: '😀'.repeat(limits.body_length) })).status,
    201,
    'code points are counted'
  )
})

t.test('SND-3 one key, one message: client_id and Idempotency-Key are the same thing', async (t) => {
  const { ann, bob, path } = await room(t)
  const url = `${path}/messages/`
  const first = await ann.post(url, { body: 'once', client_id: 'k' })
  t.equal(first.status, 201)
  t.notOk(first.headers['idempotent-replay'])
  const retries = [
    await ann.post(url, { body: 'once', client_id: 'k' }),
    await ann.post(url, { body: 'once' }, { 'idempotency-key': 'k' }),
    await ann.post(url, { body: 'once', client_id: 'k' }, { 'idempotency-key': 'k' })
  ]
  for (const retry of retries) {
    t.match(retry, { status: 200, headers: { 'idempotent-replay': 'true' }, body: first.body })
  }
  t.match(await ann.post(url, { body: 'other', client_id: 'k' }), {
    status: 409,
    body: { code: 'idempotency_conflict' }
  })
  t.match(await ann.post(url, { body: 'once', client_id: 'k' }, { 'idempotency-key': 'j' }), {
    status: 400,
    body: { code: 'idempotency_key_mismatch' }
  })
  t.equal(
    (await bob.post(url, { body: 'once', client_id: 'k' })).status,
    201,
    'each sender has keys of their own'
  )
})

t.test('SND-9 what was refused is not sent by who tries again under its key', async (t) => {
  const { ann, bob, path } = await room(t)
  const send = (key: string) => bob.post(`${path}/messages/`, { body: 'hello' }, { 'idempotency-key': key })
  t.equal((await ann.delete(`${path}/members/${bob.user.id}/`)).status, 204)
  t.match(await send('k'), { status: 404, body: { code: 'not_found' } })
  t.equal((await ann.post(`${path}/members/`, { user_id: bob.user.id })).status, 201)
  t.match(await send('k'), { status: 409, body: { code: 'idempotency_refused' } })
  t.equal((await send('new')).status, 201)
})

t.test('edit, delete and react answer as documented', async (t) => {
  const { ann, bob, eve, path, person, id } = await room(t)
  const sent = await bob.post(`${path}/messages/`, { body: 'draft' })
  const url = `${path}/messages/${sent.body.id}/`

  t.match(await ann.patch(url, { body: 'no' }), { status: 403, body: { code: 'forbidden' } })
  t.match(await eve.patch(url, { body: 'no' }), { status: 404 })
  const edited = await bob.patch(url, { body: 'final' }, { 'idempotency-key': 'e1' })
  t.match(edited, { status: 200, body: { body: 'final', seq: 3, changed_seq: 4 } })
  t.type(edited.body.edited_at, 'string')
  t.match(await bob.patch(url, { body: 'final' }, { 'idempotency-key': 'e1' }), {
    status: 200,
    headers: { 'idempotent-replay': 'true' }
  })
  t.match(await bob.patch(url, { body: 'final' }), { status: 200, body: { changed_seq: 4 } }, 'already so')
  t.match(await bob.delete(url, undefined, { 'idempotency-key': 'e1' }), { status: 409 }, 'another route')

  const thumb = `${url}reactions/${encodeURIComponent('👍')}/`
  t.match(await ann.put(thumb), { status: 200, body: { reactions: [{ emoji: '👍', count: 1, me: true }] } })
  t.match(await ann.put(thumb), { status: 200, body: { changed_seq: 5 } }, 'already so')
  t.match((await bob.get(url)).body.reactions, [{ emoji: '👍', count: 1, me: false }])
  t.equal((await ann.delete(thumb)).status, 204)
  t.match(await ann.put(`${url}reactions/${encodeURIComponent('a b')}/`), { status: 400 })

  const cat = await person('cat')
  await ann.post(`${path}/members/`, { user_id: cat.user.id })
  t.match(await cat.delete(url), { status: 403 }, 'neither author nor admin')
  t.equal((await ann.delete(url)).status, 204, 'the owner may')
  const { head } = (await ann.get(`${path}/messages/`)).body
  t.equal((await bob.delete(url)).status, 204, 'deleted again')
  t.equal((await ann.get(`${path}/messages/`)).body.head, head, 'without a new seq')
  t.match((await bob.get(url)).body, { body: null, reactions: [] })
  for (const answer of [await bob.patch(url, { body: 'x' }), await ann.put(thumb)]) {
    t.match(answer, { status: 409, body: { code: 'message_deleted' } })
  }
  t.match(await ann.post(`${path}/messages/`, { body: 're', reply_to_id: sent.body.id }), { status: 409 })

  const own = await bob.post(`${path}/messages/`, { body: 'mine' })
  t.equal((await ann.delete(`${path}/members/${bob.user.id}/`)).status, 204)
  t.match(
    await bob.patch(`${path}/messages/${own.body.id}/`, { body: 'x' }),
    { status: 404 },
    'SEC a removed author'
  )
  t.match(await bob.delete(`${path}/messages/${own.body.id}/`), { status: 404 })
  t.ok(id)
})

t.test('the read position moves forward only and tells my devices', async (t) => {
  const { ann, bob, path, id, controls } = await room(t)
  for (let n = 0; n < 3; n++) await bob.post(`${path}/messages/`, { body: `${n}` })
  const read = (seq: number) => ann.post(`${path}/read/`, { seq })
  t.match(await read(4), { status: 200, body: { read_seq: 4, unread_count: 1 } })
  t.match(await read(3), { body: { read_seq: 4, unread_count: 1 } })
  t.match(await read(99), { body: { read_seq: 5, unread_count: 0 } }, 'not beyond the head')
  t.match(await read(-1), { status: 400 })
  const mine = controls.filter(({ user_id, control }) => user_id === ann.user.id && control?.type === 'read')
  t.match(
    mine.map(({ control }) => control),
    [
      { conversation_id: id, read_seq: 4 },
      { conversation_id: id, read_seq: 5 }
    ]
  )
})

t.test('CHG-1 CHG-2 the change feed pages by since and limit', async (t) => {
  const { ann, eve, path } = await room(t)
  for (let n = 0; n < 5; n++) await ann.post(`${path}/messages/`, { body: `${n}` })
  const page = await ann.get(`${path}/changes/?since=2&limit=2`)
  t.match(page, { status: 200, body: { head: 7, next_since: 4 } })
  t.match(page.body.items, [
    { type: 'message', seq: 3, prev: 2 },
    { type: 'message', seq: 4, prev: 3 }
  ])
  t.equal((await ann.get(`${path}/changes/`)).body.items.length, 7)
  t.match(await ann.get(`${path}/changes/?since=8`), { status: 400, body: { code: 'cursor_ahead', head: 7 } })
  t.match(await ann.get(`${path}/changes/?since=-1`), { status: 400 })
  t.match(await ann.get(`${path}/changes/?limit=1001`), { status: 400 })
  t.match(await eve.get(`${path}/changes/`), { status: 404 })
})

t.test('SND-6 sends are limited to 20 a second and 40 at once', async (t) => {
  const { ann, path } = await room(t)
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, n) => ann.post(`${path}/messages/`, { body: `${n}` }))
  )
  const refused = answers.filter(({ status }) => status === 429)
  t.ok(refused.length >= 5 && refused.length <= 20, `${refused.length} refused`)
  t.match(refused[0], { body: { code: 'rate_limited' }, headers: { 'retry-after': '1' } })
})
