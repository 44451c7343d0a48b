import { Message, validator } from '@parley/contracts'
import t from 'tap'
import { api, idsOf } from '../api-harness.ts'

const service = await api(t, { RATE_LIMITS: 'off' })
const { person, pool } = service
const ann = await person('ann')
const bob = await person('bob')
const cat = await person('Cat')
const eve = await person('eve')
const isMessage = validator(Message)

async function room() {
  const { id } = (await ann.post('conversations/', { member_ids: idsOf(bob, cat) })).body
  return `conversations/${id}/`
}

/** The rows that notifications are derived from. */
async function rowsOf(message_id: string) {
  const { rows } = await pool.query<{ user_id: string; seq: number }>(
    'select user_id, seq from mentions where message_id = $1 order by seq, user_id',
    [message_id]
  )
  return rows
}

t.test('MEN-1 members are found by their names, and nobody else', async (t) => {
  const path = await room()
  const sent = (await ann.post(`${path}messages/`, { body: '@bob, @CAT and @eve and @nobody; a@bob' })).body
  t.ok(isMessage(sent))
  t.strictSame(sent.mentions, idsOf(bob, cat).toSorted())
  t.strictSame(
    await rowsOf(sent.id),
    idsOf(bob, cat)
      .toSorted()
      .map((user_id) => ({ user_id, seq: sent.seq }))
  )
  t.strictSame((await bob.get(`${path}messages/${sent.id}/`)).body, sent)
  const { items } = (await bob.get(`${path}changes/?since=3`)).body
  t.strictSame(items[0].message, sent, 'frames say the same')
  const { rows } = await pool.query('select conversation_id from mentions where user_id = $1', [bob.user.id])
  t.equal(rows.length, 1)

  const plain = (await ann.post(`${path}messages/`, { body: 'ann@example.org' })).body
  t.notOk('mentions' in plain, 'left out where there is nobody')
  t.notOk('mentions' in (await ann.post(`${path}messages/`, { body: '@eve' })).body, 'an outsider is nobody')
})

t.test('MEN-3 an edit mentions anew, a deletion nobody', async (t) => {
  const path = await room()
  const { id } = (await ann.post(`${path}messages/`, { body: '@bob' })).body
  const url = `${path}messages/${id}/`
  const edited = (await ann.patch(url, { body: '@bob and @cat' })).body
  t.strictSame(edited.mentions, idsOf(bob, cat).toSorted())
  t.same(
    new Map((await rowsOf(id)).map(({ user_id, seq }) => [user_id, seq])),
    new Map([
      [bob.user.id, 4],
      [cat.user.id, 5]
    ]),
    'who was mentioned before stays as they were'
  )
  t.match((await bob.get(`${path}changes/?since=4`)).body.items, [
    { type: 'message_edited', message: { mentions: edited.mentions } }
  ])
  const less = (await ann.patch(url, { body: '`@bob` @cat' })).body
  t.strictSame(less.mentions, idsOf(cat))
  t.strictSame(await rowsOf(id), [{ user_id: cat.user.id, seq: 5 }])
  await ann.delete(url)
  t.notOk('mentions' in (await ann.get(url)).body)
  t.strictSame(await rowsOf(id), [])
})

t.test('batches of all kinds keep the line', async (t) => {
  const path = await room()
  const bodies = Array.from({ length: 60 }, (_, n) => (n % 3 ? `plain ${n}` : `@bob ${n}`))
  const replies = await Promise.all([
    ...bodies.map((body, n) => ann.post(`${path}messages/`, { body, client_id: `k${n}` })),
    ...bodies.map((body, n) => ann.post(`${path}messages/`, { body, client_id: `k${n}` })),
    eve.post(`${path}messages/`, { body: '@bob, let me in' })
  ])
  t.equal(replies.filter(({ status }) => status === 201).length, 60, 'each once')
  t.equal(replies.at(-1)?.status, 404)
  for (const { body, status } of replies.slice(0, -1)) {
    if (status === 201) t.equal('mentions' in body, body.body.startsWith('@'), body.body)
  }
  const { rows } = await pool.query('select count(*) as n from mentions where conversation_id = $1', [
    path.split('/')[1]
  ])
  t.equal(rows[0].n, 20)
  t.strictSame(await service.sparseLines(), [])
})

t.test('SND-2 a retry says whom it mentioned', async (t) => {
  const path = await room()
  const send = { body: '@bob', client_id: 'once' }
  const first = (await ann.post(`${path}messages/`, send)).body
  const again = await ann.post(`${path}messages/`, send)
  t.match(again, { status: 200, body: { id: first.id, mentions: idsOf(bob) } })
  t.match(await ann.post(`${path}messages/`, { body: '@cat', client_id: 'once' }), { status: 409 })
})
