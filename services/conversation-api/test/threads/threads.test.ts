import { Message, ThreadList, ThreadPage, validator } from '@parley/contracts'
import t from 'tap'
import { api, idsOf, type Person } from '../api-harness.ts'

const service = await api(t, { RATE_LIMITS: 'off' })
const { person } = service
const ann = await person('ann')
const bob = await person('bob')
const eve = await person('eve')
const isMessage = validator(Message)
const isThread = validator(ThreadPage)
const isThreadList = validator(ThreadList)

async function room() {
  const { id } = (await ann.post('conversations/', { member_ids: idsOf(bob) })).body
  const path = `conversations/${id}/`
  const say = async (who: Person, body: string, thread_id?: string) =>
    (await who.post(`${path}messages/`, { body, ...(thread_id ? { thread_id } : {}) })).body
  const root = await say(ann, 'root')
  return { id: id as string, path, say, root, url: `${path}messages/${root.id}/` }
}

t.test('THR-1 replies in a thread, and what its root says of them', async (t) => {
  const { path, say, root, url } = await room()
  t.notOk('thread' in root)
  const one = await say(bob, 'one', root.id)
  t.ok(isMessage(one))
  t.match(one, { seq: 4, thread_id: root.id, reply_to_id: null })
  const two = await say(ann, 'two', root.id)
  await say(ann, 'beside it')
  const { body: seen } = await bob.get(url)
  t.ok(isMessage(seen))
  t.strictSame(seen.thread, {
    reply_count: 2,
    changed_seq: 5,
    last_reply: { message_id: two.id, seq: 5, sender: ann.user, created_at: two.created_at }
  })
  t.equal(seen.changed_seq, root.seq, 'a reply is no change of the root')

  const page = (await bob.get(`${url}thread/`)).body
  t.ok(isThread(page))
  t.match(page, { root: seen, head: 6, items: [{ id: one.id }, { id: two.id }], next_cursor: null })
  t.match((await bob.get(`${url}thread/?limit=1`)).body, { items: [{ id: two.id }], next_cursor: '5' })
  t.match((await bob.get(`${url}thread/?limit=1&before=5`)).body, {
    items: [{ id: one.id }],
    next_cursor: null
  })
  t.match((await bob.get(`${url}thread/?limit=1&after=4`)).body, {
    items: [{ id: two.id }],
    next_cursor: null
  })

  const { items } = (await bob.get(`${path}changes/?since=2`)).body
  t.match(items, [
    { type: 'message', seq: 3, message: { id: root.id, thread: seen.thread } },
    { type: 'message', seq: 4, message: { id: one.id, thread_id: root.id } },
    { type: 'message', seq: 5 },
    { type: 'message', seq: 6 }
  ])
  t.notOk('thread_id' in items[3].message)

  await bob.delete(`${path}messages/${one.id}/`)
  t.match((await bob.get(url)).body.thread, { reply_count: 1, changed_seq: 7, last_reply: { seq: 5 } })
  t.match(
    (await bob.get(`${path}messages/${one.id}/`)).body,
    { body: null, thread_id: root.id },
    'it keeps its place'
  )
  await ann.delete(`${path}messages/${two.id}/`)
  t.strictSame((await bob.get(url)).body.thread, { reply_count: 0, changed_seq: 8 })
  t.equal((await bob.get(`${url}thread/`)).body.items.length, 2, 'tombstones are listed, as in the history')
  t.strictSame((await bob.get(`${path}threads/`)).body.items, [], 'a thread without replies is none')
  t.strictSame(await service.sparseLines(), [])
})

t.test('where a thread can begin', async (t) => {
  const { path, say, root, url } = await room()
  const reply = await say(bob, 'reply', root.id)
  const elsewhere = await room()
  const refused = { status: 400, body: { code: 'validation_failed', errors: [{ pointer: '/thread_id' }] } }
  const send = (who: Person, thread_id: unknown, more = {}) =>
    who.post(`${path}messages/`, { body: 'x', thread_id, ...more })
  t.match(await send(ann, reply.id), refused, 'not with a reply')
  t.match(await send(ann, elsewhere.root.id), refused, 'not in another conversation')
  t.match(await send(ann, path.split('/')[1]), refused, 'not with nothing')
  t.match(await send(ann, 'root'), { status: 400 })
  t.match(await send(eve, root.id), { status: 404 })
  t.match(await send(eve, elsewhere.root.id), { status: 404 })
  t.match(
    await ann.get(`${path}messages/${reply.id}/thread/`),
    { status: 404 },
    'a reply has no thread of its own'
  )
  t.match(await eve.get(`${url}thread/`), { status: 404 })
  t.match(await eve.get(`${path}threads/`), { status: 404 })
  t.match(await eve.post(`${url}thread/read/`, { seq: 1 }), { status: 404 })
  t.match(await send(ann, null), { status: 201 })

  const kept = { client_id: 'kept' }
  const first = (await send(bob, root.id, kept)).body
  await ann.delete(url)
  t.match(await send(bob, root.id), { status: 409, body: { code: 'message_deleted' } })
  t.match(
    await send(bob, root.id, kept),
    { status: 200, body: { id: first.id } },
    'a retry is answered all the same'
  )
  t.match(await send(bob, null, kept), { status: 409 }, 'without the thread it is something else')
  t.match((await bob.get(`${url}thread/`)).body, {
    root: { body: null, thread: { reply_count: 2 } },
    items: [{}, {}]
  })
  t.strictSame(await service.sparseLines(), [])
})

t.test('THR-3 unread replies, apart from the conversation’s', async (t) => {
  const { path, say, root, url } = await room()
  const one = await say(bob, 'one', root.id)
  const two = await say(bob, 'two', root.id)
  await say(ann, 'mine', root.id)
  const unread = async (who: Person) => (await who.get(`${url}thread/`)).body.unread_count
  t.strictSame([await unread(ann), await unread(bob)], [2, 1], "one's own are not counted")
  await ann.post(`${path}read/`, { seq: 99 })
  t.equal(await unread(ann), 2, 'reading the conversation is not reading the thread')

  const told = await service.toldBy(1, async () => {
    t.match(await ann.post(`${url}thread/read/`, { seq: one.seq }), {
      status: 200,
      body: { thread_id: root.id, read_seq: one.seq, unread_count: 1 }
    })
  })
  t.match(told, [
    { user_id: ann.user.id, control: { type: 'thread_read', thread_id: root.id, read_seq: one.seq } }
  ])
  t.match((await ann.post(`${url}thread/read/`, { seq: 1 })).body, { read_seq: one.seq }, 'forward only')
  const list = (await ann.get(`${path}threads/`)).body
  t.ok(isThreadList(list))
  t.match(list.items, [{ root: { id: root.id }, unread_count: 1, read_seq: one.seq }])
  await bob.delete(`${path}messages/${two.id}/`)
  t.equal(await unread(ann), 0, 'deleted ones are not counted')
  const { head } = (await ann.get(path)).body
  t.match(
    (await ann.post(`${url}thread/read/`, { seq: 10 ** 9 })).body,
    { read_seq: head },
    'not beyond the head'
  )

  await ann.post(`${path}members/`, { user_id: eve.user.id })
  t.equal(await unread(eve), 0, 'what was said before one joined counts as read')
  await say(bob, 'three', root.id)
  t.equal(await unread(eve), 1)
})

t.test('threads are listed by their latest reply', async (t) => {
  const { path, say, root } = await room()
  const roots = [root, await say(bob, 'second'), await say(bob, 'third'), await say(bob, 'no thread')]
  for (const { id } of [...roots.slice(0, 3), root]) await say(ann, 'reply', id)
  const ids = (page: { items: { root: Message }[] }) => page.items.map((item) => item.root.id)
  const wanted = [roots[0], roots[2], roots[1]].map((one) => one.id)
  t.strictSame(ids((await bob.get(`${path}threads/`)).body), wanted)
  const first = (await bob.get(`${path}threads/?limit=2`)).body
  const second = (await bob.get(`${path}threads/?limit=2&cursor=${first.next_cursor}`)).body
  t.strictSame([...ids(first), ...ids(second)], wanted)
  t.equal(second.next_cursor, null)
  t.equal((await bob.get(`${path}threads/?cursor=x`)).status, 400)
})

t.test('THR-2 a client keeps the summary right from what it receives', async (t) => {
  const { path, say, root, url } = await room()
  const kept: Message[] = []
  for (let n = 0; n < 4; n++) kept.push(await say(bob, `${n}`, root.id))
  await bob.delete(`${path}messages/${kept[1]?.id}/`)
  // A client has the root and its page of the thread, and hears nothing for a while.
  const { root: seen, items, head } = (await bob.get(`${url}thread/`)).body
  const known = new Map<string, Message>(items.map((item: Message) => [item.id, item]))
  const made = await Promise.all(
    Array.from({ length: 12 }, (_, n) => say(n % 2 ? ann : bob, `more ${n}`, root.id))
  )
  await Promise.all([
    bob.delete(`${path}messages/${kept[0]?.id}/`),
    ann.delete(`${path}messages/${made[1]?.id}/`),
    ann.patch(`${path}messages/${made[3]?.id}/`, { body: 'edited' }),
    bob.patch(`${path}messages/${kept[2]?.id}/`, { body: 'edited' }),
    bob.put(`${path}messages/${made[2]?.id}/reactions/${encodeURIComponent('👍')}/`)
  ])
  let since = head
  for (;;) {
    const page = (await bob.get(`${path}changes/?since=${since}&limit=3`)).body
    for (const { message } of page.items) if (message?.thread_id === root.id) known.set(message.id, message)
    since = page.next_since
    if (since === page.head) break
  }
  const { reply_count, changed_seq } = seen.thread
  const replies = [...known.values()]
  const added = replies.filter((m) => m.seq > changed_seq && !m.deleted_at)
  const gone = replies.filter((m) => m.seq <= changed_seq && m.deleted_at && m.changed_seq > changed_seq)
  const { thread } = (await bob.get(url)).body
  t.equal(reply_count + added.length - gone.length, thread.reply_count)
  t.equal(thread.reply_count, 13)
})
