import { Message, validator } from '@parley/contracts'
import t from 'tap'
import { api, idsOf } from '../api-harness.ts'

const service = await api(t, { RATE_LIMITS: 'off' })
const { person } = service
const ann = await person('ann')
const bob = await person('bob')
const eve = await person('eve')
const isMessage = validator(Message)

/** Ann and Bob know the source; Ann and Eve are where it goes. */
async function rooms(body = 'hello @eve') {
  const source = (await ann.post('conversations/', { member_ids: idsOf(bob) })).body.id as string
  const target = (await ann.post('conversations/', { member_ids: idsOf(eve) })).body.id as string
  const sent = (await bob.post(`conversations/${source}/messages/`, { body })).body
  const from = { conversation_id: source, message_id: sent.id as string }
  return {
    source,
    target: `conversations/${target}/`,
    from,
    url: `conversations/${source}/messages/${sent.id}/`
  }
}

t.test('FWD-1 a copy says who said it, and where only to those who see that', async (t) => {
  const { source, target, from } = await rooms()
  const copy = await ann.post(`${target}forwards/`, { from, client_id: 'f1' })
  t.match(copy, { status: 201, body: { body: 'hello @eve', sender: ann.user, seq: 3 } })
  t.ok(isMessage(copy.body))
  t.strictSame(copy.body.forwarded_from, { ...from, sender: bob.user })
  t.notOk('mentions' in copy.body, 'a copy mentions nobody')

  const url = `${target}messages/${copy.body.id}/`
  const hidden = { message_id: from.message_id, sender: bob.user }
  t.strictSame((await ann.get(url)).body.forwarded_from, { ...from, sender: bob.user })
  t.strictSame((await eve.get(url)).body.forwarded_from, hidden, 'Eve cannot see the source')
  for (const who of [ann, eve]) {
    const feed = await who.get(`${target}changes/?since=2`)
    t.strictSame(feed.body.items[0].message.forwarded_from, hidden, 'a frame is the same for all')
    t.notMatch(feed.text, source)
  }
  for (const path of [url, `${target}messages/`, 'conversations/', target])
    t.notMatch((await eve.get(path)).text, source, path)
  await bob.post(`conversations/${source}/members/`, { user_id: eve.user.id })
  await ann.post(`conversations/${source}/members/`, { user_id: eve.user.id })
  t.strictSame((await eve.get(url)).body.forwarded_from, { ...from, sender: bob.user }, 'now she can')
  await ann.delete(`conversations/${source}/members/${eve.user.id}/`)
  t.strictSame((await eve.get(url)).body.forwarded_from, hidden)
})

t.test('within one conversation everyone knows where it is from', async (t) => {
  const { source, from } = await rooms()
  const copy = (await ann.post(`conversations/${source}/forwards/`, { from })).body
  const feed = (await bob.get(`conversations/${source}/changes/?since=${copy.seq - 1}`)).body
  t.strictSame(feed.items[0].message.forwarded_from, { ...from, sender: bob.user })
})

t.test('FWD-2 a copy of a copy names whose words they are; a copy is not edited', async (t) => {
  const { target, from } = await rooms()
  const copy = (await ann.post(`${target}forwards/`, { from })).body
  const third = (await eve.post('conversations/')).body.id
  const again = await eve.post(`conversations/${third}/forwards/`, {
    from: { conversation_id: target.split('/')[1], message_id: copy.id }
  })
  t.match(again, {
    status: 201,
    body: { sender: eve.user, forwarded_from: { message_id: from.message_id, sender: bob.user } }
  })
  t.notOk('conversation_id' in again.body.forwarded_from)
  t.match(await ann.patch(`${target}messages/${copy.id}/`, { body: 'other words' }), {
    status: 403,
    body: { code: 'forbidden' }
  })
})

t.test('who may forward what', async (t) => {
  const { target, from, url } = await rooms()
  const hidden = { status: 404, body: { code: 'not_found' } }
  t.match(await eve.post(`${target}forwards/`, { from }), hidden, 'does not see the source')
  t.match(await bob.post(`${target}forwards/`, { from }), hidden, 'is not where it goes')
  t.match(
    await ann.post(`${target}forwards/`, { from: { ...from, message_id: from.conversation_id } }),
    hidden
  )
  t.match(await ann.post(`${target}forwards/`, { from, body: 'mine' }), { status: 400 })
  t.match(await ann.post(`${target}forwards/`, {}), { status: 400 })
  await bob.delete(url)
  t.match(await ann.post(`${target}forwards/`, { from }), { status: 409, body: { code: 'message_deleted' } })
  t.match((await ann.get(target)).body, { head: 2 }, 'nothing happened')
})

t.test('SND-2 a retry finds the copy, also when the source is gone', async (t) => {
  const { target, from, url } = await rooms()
  const forward = { from, client_id: 'once' }
  const first = (await ann.post(`${target}forwards/`, forward)).body
  await bob.patch(url, { body: 'edited since' })
  t.match(await ann.post(`${target}forwards/`, forward), {
    status: 200,
    headers: { 'idempotent-replay': 'true' },
    body: { id: first.id, body: 'hello @eve' }
  })
  await bob.delete(url)
  t.match(await ann.post(`${target}forwards/`, { from }, { 'idempotency-key': 'once' }), {
    status: 200,
    body: { id: first.id }
  })
  t.match(await ann.post(`${target}messages/`, { body: 'hello @eve', client_id: 'once' }), {
    status: 409,
    body: { code: 'idempotency_conflict' }
  })
  const other = (await ann.post(`${target}messages/`, { body: 'x', client_id: 'text' })).body
  t.match(
    await ann.post(`${target}forwards/`, { from: { ...from, message_id: other.id }, client_id: 'text' }),
    { status: 409 }
  )
  t.equal((await ann.delete(`${target}messages/${first.id}/`)).status, 204)
  t.notOk('forwarded_from' in (await ann.get(`${target}messages/${first.id}/`)).body)
  t.strictSame(await service.sparseLines(), [])
})
