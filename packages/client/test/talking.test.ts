// Two people, a real Parley: connect, send, receive, edit, react, read.
import { waitUntil } from '@parley/testing'
import t from 'tap'
import { ConflictError, NotFoundError } from '../src/index.ts'
import { clientOf, makeRoom, testParley } from './parley.ts'

t.setTimeout(120_000)
const { url, signUp } = await testParley(t)

t.test('what one says the other reads, each message once and in order', async (t) => {
  const [ann, ben] = await Promise.all([signUp('ann'), signUp('ben')])
  const anns = clientOf(t, url, ann)
  const bens = clientOf(t, url, ben)
  t.match(await anns.connect(), { id: ann.user.id })
  await bens.connect()
  const room = await makeRoom(anns, ben.user.id)
  const heard: string[] = []
  const reading = (async () => {
    for await (const { body } of bens.conversation(room).messages()) if (heard.push(body ?? '') === 3) return
  })()
  await waitUntil(() => bens.cursors()[room] !== undefined, { message: 'ben follows the room' })
  const sent = ['one', 'two', 'three'].map((body) => anns.conversation(room).send(body))
  const done = await Promise.all(sent.map((one) => one.sent))
  await reading
  t.strictSame(heard, ['one', 'two', 'three'])
  t.ok((done[0]?.seq ?? 0) < (done[1]?.seq ?? 0))
  t.strictSame(anns.outbox.entries(), [])

  const seen: string[] = []
  bens.on('message_edited', ({ message }) => seen.push(`edited ${message.body}`))
  bens.on('reaction', ({ emoji, on }) => seen.push(`${on ? '+' : '-'}${emoji}`))
  bens.on('message_deleted', ({ message_id }) => seen.push(`deleted ${message_id}`))
  const message_id = done[0]?.message_id ?? ''
  await anns.conversation(room).edit(message_id, 'uno')
  await bens.conversation(room).react(message_id, '👍')
  await bens.conversation(room).unreact(message_id, '👍')
  await anns.conversation(room).pin(message_id)
  await anns.conversation(room).unpin(message_id)
  await anns.conversation(room).delete(message_id)
  await waitUntil(() => seen.length === 6, { message: 'ben sees all of it' })
  t.strictSame(seen, ['edited uno', '+👍', '-👍', 'edited uno', 'edited uno', `deleted ${message_id}`])
  await t.rejects(anns.conversation(room).edit(message_id, 'again'), ConflictError)

  await bens.conversation(room).read(done[2]?.seq ?? 0)
  t.match(await bens.conversation(room).get(), { unread_count: 0, read_seq: done[2]?.seq })
  const history = await bens.conversation(room).history({ limit: 2 })
  t.strictSame(
    history.items.map(({ body }) => body),
    ['two', 'three']
  )
  const typing = new Promise((resolve) => bens.on('typing', resolve))
  anns.conversation(room).typing(true)
  t.match(await typing, { conversation_id: room, user_id: ann.user.id, on: true })
  const mine: string[] = []
  for await (const { id } of bens.conversations()) mine.push(id)
  t.strictSame(mine, [room])
})

t.test('a refused send is visible, and the next one goes', async (t) => {
  const ann = await signUp('ann')
  const anns = clientOf(t, url, ann)
  await anns.connect()
  const room = await makeRoom(anns)
  const states: string[] = []
  anns.on('outbox', ({ state, content }) => states.push(`${content.body?.trim()}:${state}`))
  const blank = anns.conversation(room).send(' ')
  await anns.conversation(room).send('fine').sent
  await t.rejects(blank.sent, { code: 'validation_failed' })
  t.match(anns.outbox.entries(), [{ state: 'failed', error: { code: 'validation_failed' } }])
  t.strictSame(states, [':queued', 'fine:queued', ':sending', ':failed', 'fine:sending', 'fine:sent'])
  anns.outbox.discard(blank.client_id)
  t.strictSame(anns.outbox.entries(), [])
  const nowhere = anns.conversation('01890000-0000-7000-8000-000000000000')
  await t.rejects(nowhere.send('x').sent, NotFoundError)
  await t.rejects(nowhere.get(), NotFoundError)
})

t.test('a file comes as it is, also where it is JSON', async (t) => {
  const anns = clientOf(t, url, await signUp('ann'))
  const body = new Blob(['{"a": 1}'], { type: 'application/json' })
  const { id } = await anns.rest('POST attachments/', { name: 'a.json' }, { body })
  const response = await anns.rest('GET attachments/{attachment_id}/', { attachment_id: id })
  t.equal(await response.text(), '{"a": 1}')
})
