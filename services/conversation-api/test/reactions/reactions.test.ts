import { limits } from '@parley/contracts'
import t from 'tap'
import { api, idsOf } from '../api-harness.ts'

const service = await api(t, { RATE_LIMITS: 'off' })
const { person, pool } = service
const ann = await person('ann')
const bob = await person('bob')

async function message() {
  const { id } = (await ann.post('conversations/', { member_ids: idsOf(bob) })).body
  const path = `conversations/${id}/`
  const sent = (await ann.post(`${path}messages/`, { body: 'hello' })).body
  return { path, url: `${path}messages/${sent.id}/`, id: sent.id as string, conversation_id: id as string }
}

const on = (url: string, emoji: string) => `${url}reactions/${encodeURIComponent(emoji)}/`

t.test('any emoji, and nothing else', async (t) => {
  const { url } = await message()
  const emoji = ['👍', '👍🏽', '🇩🇪', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👨‍👩‍👧', '🏳️‍🌈', '❤️‍🔥', '🫱🏻‍🫲🏿', '™️']
  for (const one of emoji) t.equal((await ann.put(on(url, one))).status, 200, one)
  t.match(
    (await ann.get(url)).body.reactions,
    emoji.map((one) => ({ emoji: one, count: 1, me: true }))
  )
  for (const text of ['a', '1', '#', ':-)', '👍👍', '🇩', 'a👍', '👍 ', '\u200D', '<b>', '👍'.repeat(40)]) {
    const refused = await ann.put(on(url, text))
    t.match(refused, { status: 400, body: { code: 'validation_failed' } }, JSON.stringify(text))
  }
})

t.test('RCT-1 one of each per person, however it is spelled', async (t) => {
  const { url } = await message()
  const heart = '\u2764'
  t.match((await ann.put(on(url, heart))).body.reactions, [{ emoji: '\u2764\uFE0F', count: 1, me: true }])
  const { changed_seq } = (await ann.put(on(url, '\u2764\uFE0F'))).body
  t.equal((await ann.put(on(url, heart))).body.changed_seq, changed_seq, 'already so')
  t.match((await bob.put(on(url, heart))).body.reactions, [{ emoji: '\u2764\uFE0F', count: 2, me: true }])
  t.equal((await ann.delete(on(url, heart))).status, 204)
  t.match((await ann.get(url)).body.reactions, [{ emoji: '\u2764\uFE0F', count: 1, me: false }])
})

t.test('so many different emoji, and no more', async (t) => {
  const { url } = await message()
  const emoji = Array.from({ length: limits.emoji_per_message + 1 }, (_, n) =>
    String.fromCodePoint(0x1f600 + n)
  )
  const [one = '', ...others] = emoji
  for (const other of others) t.equal((await ann.put(on(url, other))).status, 200)
  t.match(await bob.put(on(url, one)), { status: 409, body: { code: 'emoji_full' } })
  t.equal((await bob.put(on(url, others[0] ?? ''))).status, 200, 'one that is there is not one more')
})

t.test('RCT-2 a storm of reactions is one row of the change feed', async (t) => {
  const { path, url, id } = await message()
  const people = await Promise.all(Array.from({ length: 20 }, (_, n) => person(`storm${n}`)))
  for (const { user } of people) await ann.post(`${path}members/`, { user_id: user.id })
  const { head: before } = (await ann.get(path)).body
  await Promise.all(
    people.flatMap((one) => [one.put(on(url, '🎉')), one.put(on(url, '👍')), one.delete(on(url, '👍'))])
  )
  const feed = (await bob.get(`${path}changes/?since=${before}`)).body
  t.ok(feed.head > before + 20, `${feed.head - before} changes took a number each`)
  t.equal(feed.items.length, 1, 'and are read as one')
  const [frame] = feed.items
  t.match(frame, { type: 'message_edited', seq: feed.head, prev: before, message: { id, edited_at: null } })
  t.match(frame.message.reactions[0], { emoji: '🎉', count: 20 })
  t.notOk('me' in frame.message.reactions[0], 'a frame is the same for all')
  t.strictSame(await service.sparseLines(), [])
  const { rows } = await pool.query(
    'select count(*) as n from reactions where message_id = $1 and emoji = $2',
    [id, '👍']
  )
  t.equal(frame.message.reactions[1]?.count ?? 0, rows[0].n)
})
