import { randomUUIDv7 } from 'node:crypto'
import t from 'tap'
import { api, idsOf, type Person } from '../api-harness.ts'

const service = await api(t, { RATE_LIMITS: 'off' })
const people = await Promise.all(['ann', 'ben', 'eve'].map((name) => service.person(name)))
const [ann, ben, eve] = people as [Person, Person, Person]

const makeGroup = async () => (await ann.post('conversations/', { member_ids: idsOf(ben) })).body.id as string
const send = async (by: Person, id: string, body = 'x') =>
  (await by.post(`conversations/${id}/messages/`, { body })).body
const inbox = async (who: Person) => (await who.get('notifications/')).body
const kindsIn = async (who: Person, id: string): Promise<string[]> =>
  (await inbox(who)).items
    .filter(({ conversation_id }: { conversation_id: string }) => conversation_id === id)
    .map(({ kind }: { kind: string }) => kind)
const isQuiet = async (who: Person, id: string) =>
  (await service.api.roomsOf(who.user.id)).rooms.find((room) => room.conversation_id === id)?.quiet ?? false

t.test('NTF-1 who adds me is news, until I have read that far; my own coming is none', async (t) => {
  const id = await makeGroup()
  const [item] = (await inbox(ben)).items
  t.match(item, { kind: 'added', conversation_id: id, sender: ann.user, preview: null, read: false })
  t.notOk('message_id' in item)
  t.strictSame(await kindsIn(ann, id), [])
  t.match((await ben.get(`conversations/${id}/`)).body, { unread_count: 0 }, 'it is no message')
  await ben.post('notifications/read/', { conversation_id: id })
  t.match((await inbox(ben)).items[0], { kind: 'added', read: true })
  await ann.delete(`conversations/${id}/members/${ben.user.id}/`)
  t.strictSame(await kindsIn(ben, id), [])
})

t.test('NTF-2 a muted conversation notifies of nothing', async (t) => {
  const id = await makeGroup()
  await send(ann, id)
  const path = `conversations/${id}/mute/`
  const told = await service.toldBy(1, async () => {
    t.match(await ben.put(path), { status: 200, body: { keep: 'nothing', until: null } })
  })
  t.match(told, [{ user_id: ben.user.id, control: { type: 'rooms_changed' } }])
  t.match((await ben.get(`conversations/${id}/`)).body, {
    mute: { keep: 'nothing', until: null },
    unread_count: 1
  })
  t.notOk('mute' in (await ann.get(`conversations/${id}/`)).body, 'for me, not for others')
  t.strictSame(await kindsIn(ben, id), [])
  t.equal(await isQuiet(ben, id), true)
  const before = (await inbox(ben)).unread
  await send(ann, id)
  t.strictSame((await inbox(ben)).unread, before)

  t.equal((await ben.delete(path)).status, 204)
  t.equal((await ben.delete(path)).status, 204, 'again: nothing')
  t.strictSame(await kindsIn(ben, id), ['new_message', 'new_message', 'added'])
  t.equal(await isQuiet(ben, id), false)
})

t.test('NTF-2 a mute for a time ends by itself', async (t) => {
  const id = await makeGroup()
  const path = `conversations/${id}/mute/`
  const until = new Date(Date.now() + 3_600_000).toISOString()
  t.match(await ben.put(path, { keep: 'mentions', until }), { body: { keep: 'mentions', until } })
  t.match((await ben.get('conversations/')).body.items[0], { id, mute: { keep: 'mentions', until } })
  t.equal(await isQuiet(ben, id), true)
  const told = await service.toldBy(1, () =>
    service.db
      .updateTable('mutes')
      .set({ until: new Date(Date.now() - 1_000) })
      .where('conversation_id', '=', id)
      .execute()
  )
  t.match(told, [{ user_id: ben.user.id, control: { type: 'rooms_changed' } }], 'the gateways hear of it')
  t.notOk('mute' in (await ben.get(`conversations/${id}/`)).body, 'it is over')
  t.equal(await isQuiet(ben, id), false)
  const passed = new Date(Date.now() - 1_000).toISOString()
  for (const bad of [{ until: passed }, { until: 'tomorrow' }, { keep: 'everything' }, { for: 5 }])
    t.match(await ben.put(path, bad), { status: 400, body: { code: 'validation_failed' } })
  t.equal((await eve.put(path)).status, 404)
  t.equal((await eve.delete(path)).status, 404)
  const key = { 'idempotency-key': `mute-${id}` }
  await ben.put(path, {}, key)
  t.match(await ben.put(path, {}, key), {
    headers: { 'idempotent-replay': 'true' },
    body: { keep: 'nothing' }
  })
  t.match(await ben.put(path, { keep: 'mentions' }, key), { status: 409 })
})

t.test('NTF-3 nothing of someone blocked is news', async (t) => {
  const id = await makeGroup()
  const direct = (await eve.post('conversations/', { kind: 'direct', member_ids: idsOf(ben) })).body.id
  await ann.post(`conversations/${id}/members/`, { user_id: eve.user.id })
  for (const one of [direct, id]) await send(eve, one)
  t.strictSame(await kindsIn(ben, direct), ['new_message', 'added'])
  t.match(await ben.put(`blocks/${eve.user.id}/`), { status: 200, body: eve.user })
  t.strictSame((await ben.get('blocks/')).body.items, [eve.user])
  t.strictSame((await eve.get('blocks/')).body.items, [], 'nobody else sees it')
  t.equal(await isQuiet(ben, direct), true)
  t.equal(await isQuiet(eve, direct), false)
  const [before, count] = [(await inbox(ben)).unread, async () => (await kindsIn(ben, id)).length]
  const items = await count()
  for (const one of [direct, id]) await send(eve, one)
  t.notOk((await kindsIn(ben, direct)).includes('new_message'))
  t.equal(await count(), items)
  t.strictSame((await inbox(ben)).unread, before)
  t.match((await ben.get(`conversations/${direct}/`)).body, { unread_count: 2 }, 'it is all there to be read')

  await ben.delete(`blocks/${eve.user.id}/`)
  t.strictSame((await ben.get('blocks/')).body.items, [])
  t.ok((await kindsIn(ben, direct)).includes('new_message'))
})

t.test(
  'NTF-4 SEC-BLOCK who is blocked takes one into no conversation, and is told what it is told of nobody',
  async (t) => {
    const [mia, max] = [await service.person('mia'), await service.person('max')]
    await mia.put(`blocks/${max.user.id}/`)
    const groups = (await max.post('conversations/')).body.id
    const nobody = randomUUIDv7()
    const tries: [string, (id: string) => object][] = [
      ['conversations/', (id) => ({ kind: 'direct', member_ids: [id] })],
      ['conversations/', (id) => ({ member_ids: [id] })],
      [`conversations/${groups}/members/`, (user_id) => ({ user_id })]
    ]
    for (const [path, body] of tries) {
      const [blocked, absent] = [await max.post(path, body(mia.user.id)), await max.post(path, body(nobody))]
      t.equal(blocked.status, 400)
      t.strictSame(blocked.body, absent.body, `${path} absent and blocked are alike`)
    }
    t.equal((await max.post('/api/chats/', { participants: [mia.user.id] })).status, 400)
    t.strictSame((await mia.get('conversations/')).body.items, [], 'nothing is left half done')
    t.equal((await max.get('conversations/')).body.items.length, 1)
    const mine = await mia.post('conversations/', { kind: 'direct', member_ids: idsOf(max) })
    t.equal(mine.status, 201, 'the other way round all is as ever')
    const again = await max.post('conversations/', { kind: 'direct', member_ids: idsOf(mia) })
    t.match(again, { status: 200, body: { id: mine.body.id } }, 'what is there is found')
    t.match(await mia.put(`blocks/${mia.user.id}/`), { status: 400 })
    t.match(await mia.put(`blocks/${nobody}/`), { status: 404 })
    t.match(await mia.delete(`blocks/${nobody}/`), { status: 204 })
  }
)

t.test('NTF-1 NTF-2 mentions are named, counted apart, and pass where only they may', async (t) => {
  const id = await makeGroup()
  await ben.post('notifications/read/')
  await send(ann, id, 'nothing special')
  const plain = await send(ann, id, 'not yet')
  await send(ann, id, 'look, @ben')
  t.strictSame(await kindsIn(ben, id), ['mention', 'new_message', 'new_message', 'added'])
  t.match((await ben.get(`conversations/${id}/`)).body, { unread_count: 3, mention_count: 1 })
  t.notOk('mention_count' in (await ann.get(`conversations/${id}/`)).body)
  await ben.put(`conversations/${id}/mute/`, { keep: 'mentions' })
  t.strictSame(await kindsIn(ben, id), ['mention'])
  await ben.post(`conversations/${id}/read/`, { seq: 99 })
  t.match((await inbox(ben)).items[0], { kind: 'mention', preview: 'look, @ben', read: true })
  await ann.patch(`conversations/${id}/messages/${plain.id}/`, { body: 'now for @ben' })
  t.match(
    (await inbox(ben)).items[0],
    { kind: 'mention', preview: 'now for @ben', read: false },
    'an edit is news'
  )
  t.match((await ben.get(`conversations/${id}/`)).body, { unread_count: 0, mention_count: 1 })
  await ben.put(`blocks/${ann.user.id}/`)
  t.strictSame(await kindsIn(ben, id), [])
  await ben.delete(`blocks/${ann.user.id}/`)
  await ben.put(`conversations/${id}/mute/`)
  t.strictSame(await kindsIn(ben, id), [])
})
