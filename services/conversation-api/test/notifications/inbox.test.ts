import t from 'tap'
import { api, idsOf } from '../api-harness.ts'

const service = await api(t, { RATE_LIMITS: 'off' })
const alice = await service.person('alice')
const bob = await service.person('bob')

interface Item {
  kind: string
  seq: number
  conversation_id: string
}

t.test('the inbox', async (t) => {
  const room = (await alice.post('conversations/', { member_ids: idsOf(bob) })).body.id
  const other = (await alice.post('conversations/')).body.id
  await alice.post(`conversations/${other}/messages/`, { body: 'before bob came' })
  await alice.post(`conversations/${other}/members/`, { user_id: bob.user.id })
  const sent = []
  for (let n = 0; n < 4; n++)
    sent.push((await alice.post(`conversations/${room}/messages/`, { body: `m${n}` })).body)
  await bob.post(`conversations/${room}/messages/`, { body: 'mine' })
  const long = (await alice.post(`conversations/${other}/messages/`, { body: 'ä'.repeat(300) })).body
  await alice.delete(`conversations/${room}/messages/${sent[1].id}/`)

  const inbox = (await bob.get('notifications/')).body
  t.match(inbox, { next_cursor: null, unread: { conversations: 2, messages: 4 } })
  t.strictSame(inbox.items[0], {
    kind: 'message_deleted',
    conversation_id: room,
    message_id: sent[1].id,
    seq: 8,
    sender: alice.user,
    preview: null,
    at: (await bob.get(`conversations/${room}/messages/${sent[1].id}/`)).body.deleted_at,
    read: false
  })
  t.match(inbox.items[1], {
    kind: 'new_message',
    message_id: long.id,
    preview: 'ä'.repeat(200),
    at: long.created_at
  })
  t.strictSame(
    inbox.items.map(({ kind, seq }: Item) => [kind, seq]),
    [
      ['message_deleted', 8],
      ['new_message', long.seq],
      ['new_message', sent[3].seq],
      ['new_message', sent[2].seq],
      ['new_message', sent[0].seq],
      ['added', 3],
      ['added', 2]
    ]
  )
  const paged: Item[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: { items: Item[]; next_cursor: string | null } = (
      await bob.get(`notifications/?limit=2${cursor && `&cursor=${cursor}`}`)
    ).body
    paged.push(...page.items)
    cursor = page.next_cursor
  }
  t.strictSame(paged, inbox.items)

  const told = await service.toldBy(1, async () =>
    t.equal((await bob.post('notifications/read/', { conversation_id: room })).status, 204)
  )
  t.match(told, [{ user_id: bob.user.id, control: { type: 'read', conversation_id: room, read_seq: 8 } }])
  const after = (await bob.get('notifications/')).body
  t.strictSame(after.unread, { conversations: 1, messages: 1 })
  t.strictSame(
    after.items.map(({ read }: { read: boolean }) => read),
    [true, false, true, true, true, false, true]
  )
  const key = { 'idempotency-key': 'read-1' }
  t.equal((await bob.post('notifications/read/', undefined, key)).status, 204)
  t.equal((await bob.get(`conversations/${other}/`)).body.unread_count, 0)
  await alice.post(`conversations/${other}/messages/`, { body: 'new' })
  t.match(await bob.post('notifications/read/', undefined, key), { headers: { 'idempotent-replay': 'true' } })
  t.equal((await bob.get(`conversations/${other}/`)).body.unread_count, 1, 'a late retry reads nothing more')
  t.strictSame((await alice.get('notifications/')).body.items.length, 1, "one's own messages are no news")
})

t.test('SEC-INBOX what one may not see is not in it', async (t) => {
  await bob.post('notifications/read/')
  const room = (await alice.post('conversations/', { member_ids: idsOf(bob) })).body.id
  await alice.post(`conversations/${room}/messages/`, { body: 'secret' })
  t.match((await bob.get('notifications/')).body, { items: [{ preview: 'secret' }], unread: { messages: 1 } })
  await alice.delete(`conversations/${room}/members/${bob.user.id}/`)
  const removed = await bob.get('notifications/')
  t.notMatch(removed.text, /secret/)
  t.match(removed.body, { unread: { conversations: 0, messages: 0 } })
  await alice.post(`conversations/${room}/members/`, { user_id: bob.user.id })
  t.notMatch((await bob.get('notifications/')).text, /secret/, 'what was said before one came is no news')
  await alice.post(`conversations/${room}/messages/`, { body: 'again' })
  t.equal((await bob.get('notifications/')).body.unread.messages, 1)
  await alice.delete(`conversations/${room}/`)
  t.match((await bob.get('notifications/')).body, { unread: { conversations: 0, messages: 0 } })
})
