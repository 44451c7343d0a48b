import { limits, Message, validator } from '@parley/contracts'
import t from 'tap'
import { api, idsOf } from '../api-harness.ts'

const service = await api(t, { RATE_LIMITS: 'off' })
const { person, pool } = service
const ann = await person('ann')
const bob = await person('bob')
const eve = await person('eve')
const isMessage = validator(Message)

async function room() {
  const { id } = (await ann.post('conversations/', { member_ids: idsOf(bob) })).body
  const path = `conversations/${id}/`
  const say = async (body: string) => {
    const sent = (await ann.post(`${path}messages/`, { body })).body
    return { id: sent.id as string, url: `${path}messages/${sent.id}/` }
  }
  return { id: id as string, path, say }
}

t.test('PIN-1 pinned, listed, unpinned', async (t) => {
  const { path, say } = await room()
  const [one, two] = [await say('one'), await say('two')]
  const key = { 'idempotency-key': 'pin-1' }
  const pinned = await bob.put(`${one.url}pin/`, undefined, key)
  t.match(pinned, { status: 200, body: { id: one.id, changed_seq: 5, edited_at: null } })
  t.type(pinned.body.pinned_at, 'string')
  t.ok(isMessage(pinned.body))
  t.match(await bob.put(`${one.url}pin/`, undefined, key), { headers: { 'idempotent-replay': 'true' } })
  t.match(await ann.put(`${one.url}pin/`), { status: 200, body: { changed_seq: 5 } }, 'already so')
  await ann.put(`${two.url}pin/`)

  const bodies = (page: { items: Message[] }) => page.items.map(({ body }) => body)
  const all = (await bob.get(`${path}pins/`)).body
  t.strictSame(bodies(all), ['two', 'one'], 'the latest pin first')
  const first = (await bob.get(`${path}pins/?limit=1`)).body
  const second = (await bob.get(`${path}pins/?limit=1&cursor=${first.next_cursor}`)).body
  t.strictSame([...bodies(first), ...bodies(second)], bodies(all))
  t.equal(second.next_cursor, null)

  const { items } = (await bob.get(`${path}changes/?since=4`)).body
  t.match(items, [
    { type: 'message_edited', seq: 5, message: { id: one.id, pinned_at: pinned.body.pinned_at } },
    { type: 'message_edited', seq: 6, message: { id: two.id } }
  ])
  t.equal((await ann.delete(`${one.url}pin/`)).status, 204)
  t.notOk('pinned_at' in (await ann.get(one.url)).body, 'left out where there is nothing to say')
  t.strictSame(bodies((await bob.get(`${path}pins/`)).body), ['two'])
  const { rows } = await pool.query('select kind, actor_id from changes where subject_id = $1 order by seq', [
    one.id
  ])
  t.strictSame(rows, [
    { kind: 'message.pinned', actor_id: bob.user.id },
    { kind: 'message.unpinned', actor_id: ann.user.id }
  ])
  t.strictSame(await service.sparseLines(), [])
})

t.test('outsiders and tombstones', async (t) => {
  const { path, say } = await room()
  const one = await say('one')
  await ann.put(`${one.url}pin/`)
  const hidden = { status: 404, body: { code: 'not_found' } }
  t.match(await eve.get(`${path}pins/`), hidden)
  t.match(await eve.put(`${one.url}pin/`), hidden)
  t.match(await eve.delete(`${one.url}pin/`), hidden)
  await ann.delete(one.url)
  t.same((await ann.get(`${path}pins/`)).body.items, [], 'a deletion takes the pin out')
  t.notOk('pinned_at' in (await ann.get(one.url)).body)
  t.match(await ann.put(`${one.url}pin/`), { status: 409, body: { code: 'message_deleted' } })
  t.equal((await ann.get(`${path}pins/?cursor=nonsense`)).status, 400)
})

t.test('PIN-2 so many pins, and no more', async (t) => {
  const { id, path, say } = await room()
  const [one, two, three] = [await say('one'), await say('two'), await say('three')]
  await ann.put(`${one.url}pin/`)
  for (let n = 2; n < limits.pins_per_conversation; n++) await say(`${n}`)
  await pool.query(
    'update messages set pinned_at = now() where conversation_id = $1 and id <> all ($2::uuid[])',
    [id, [two.id, three.id]]
  )
  t.equal((await ann.get(`${path}pins/?limit=200`)).body.items.length, limits.pins_per_conversation - 1)
  const both = await Promise.all([ann.put(`${two.url}pin/`), bob.put(`${three.url}pin/`)])
  t.strictSame(
    both.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 409]
  )
  t.match(
    both.find(({ status }) => status === 409),
    { body: { code: 'pins_full' } }
  )
  await ann.delete(`${one.url}pin/`)
  t.strictSame(
    [(await ann.put(`${two.url}pin/`)).status, (await ann.put(`${three.url}pin/`)).status].toSorted(
      (a, b) => a - b
    ),
    [200, 200]
  )
})
