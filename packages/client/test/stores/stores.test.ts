// The stores on a real Parley: what a screen would show, and that it follows what happens.
import { waitUntil } from '@parley/testing'
import t from 'tap'
import {
  connectionStore,
  conversationsStore,
  messagesStore,
  outboxStore,
  type Store,
  typingStore
} from '../../src/stores/index.ts'
import { signalOf } from '../../src/hooks/index.ts'
import { clientOf, makeRoom, testParley } from '../parley.ts'

t.setTimeout(120_000)
const { url, signUp } = await testParley(t)

const until = <T>(store: Store<T>, message: string, check: (value: T) => unknown) =>
  waitUntil(() => Boolean(check(store.get())), { message, timeout_ms: 15_000 })

t.test('messages: the newest page, older ones on demand, each once, and what is on its way', async (t) => {
  const [ann, ben] = await Promise.all([signUp('ann'), signUp('ben')])
  const anns = clientOf(t, url, ann)
  const bens = clientOf(t, url, ben)
  await Promise.all([anns.connect(), bens.connect()])
  const room = await makeRoom(anns, ben.user.id)
  for (let n = 0; n < 7; n++) await anns.conversation(room).send(`${n}`).sent
  const store = messagesStore(bens, room, { limit: 3 })
  const seen: object[] = []
  const off = store.subscribe(() => seen.push(store.get()))
  const bodies = () => store.get().messages.map(({ body }) => body)
  await until(store, 'the newest page', ({ status }) => status === 'ready')
  t.strictSame(bodies(), ['4', '5', '6'])
  await Promise.all([store.loadOlder(), store.loadOlder()])
  t.strictSame(bodies(), ['1', '2', '3', '4', '5', '6'])
  await store.loadOlder()
  t.match(store.get(), { has_older: false })
  await store.loadOlder()
  t.strictSame(bodies(), ['0', '1', '2', '3', '4', '5', '6'])

  bens.conversation(room).send('mine')
  t.match(store.get().outgoing, [{ state: 'queued', content: { body: 'mine' } }])
  await until(store, 'its message', () => bodies().at(-1) === 'mine')
  t.strictSame(store.get().outgoing, [], 'one place for one message')
  const first = store.get().messages[0]?.id ?? ''
  await anns.conversation(room).react(first, '👍')
  await until(store, 'a reaction', ({ messages }) => messages[0]?.reactions[0]?.count === 1)
  await anns.conversation(room).unreact(first, '👍')
  await until(store, 'no reaction', ({ messages }) => messages[0]?.reactions.length === 0)
  t.equal(new Set(seen).size, seen.length, 'every change is another object')

  off()
  await anns.conversation(room).send('unseen').sent
  const again = store.subscribe(() => undefined)
  await until(
    store,
    'the newest page again',
    ({ status }) => status === 'ready' && bodies().at(-1) === 'unseen'
  )
  t.strictSame(bodies(), ['6', 'mine', 'unseen'], 'not with a hole in between')
  again()
})

t.test('conversations: in the order of their activity, with what is unread', async (t) => {
  const [ann, ben] = await Promise.all([signUp('ann'), signUp('ben')])
  const anns = clientOf(t, url, ann)
  const bens = clientOf(t, url, ben)
  await Promise.all([anns.connect(), bens.connect()])
  const [tea, coffee] = [await makeRoom(anns, ben.user.id), await makeRoom(anns, ben.user.id)]
  const store = conversationsStore(bens)
  t.teardown(store.subscribe(() => undefined))
  await until(store, 'both', ({ items }) => items.length === 2)
  const ids = () => store.get().items.map(({ id }) => id)
  t.strictSame(ids(), [coffee, tea])
  const { seq } = await anns.conversation(tea).send('tea?').sent
  await until(store, 'tea first', () => ids()[0] === tea)
  t.match(store.get().items[0], { unread_count: 1, last_message: { body: 'tea?' } })
  await bens.conversation(tea).read(seq)
  await until(store, 'read', ({ items }) => items[0]?.unread_count === 0)
  const name = ben.user.username
  const { message_id } = await anns.conversation(tea).send(`@${name}, sugar?`).sent
  await until(store, 'a mention', ({ items }) => items[0]?.mention_count === 1)
  await anns.conversation(tea).edit(message_id, 'sugar?')
  await anns.conversation(tea).delete(message_id)
  await until(store, 'nothing unread', ({ items }) => items[0]?.unread_count === 0)
  t.notOk(store.get().items[0]?.mention_count)
  await bens.rest('PUT conversations/{conversation_id}/mute/', { conversation_id: tea })
  await store.refresh(tea)
  t.match(store.get().items[0], { mute: { keep: 'nothing' } }, 'what no event tells')
  await store.reload()
  t.strictSame(ids(), [tea, coffee], 'all of them again, in order')
  const late = await makeRoom(anns, ben.user.id)
  await until(store, 'the new one', () => ids().includes(late))
  await anns.rest('PATCH conversations/{conversation_id}/', { conversation_id: coffee, title: 'Coffee' })
  await until(store, 'its title', ({ items }) => items.some(({ title }) => title === 'Coffee'))
  const edit = (text: string | null) =>
    anns.rest('PATCH conversations/{conversation_id}/', { conversation_id: coffee, description: text })
  const described = (text?: string) =>
    until(store, `described as ${text}`, ({ items }) =>
      items.some(({ id, description }) => id === coffee && description === text)
    )
  await edit('Beans')
  await described('Beans')
  await edit(null)
  await described()
  const { id: direct } = await anns.rest('POST conversations/', {
    kind: 'direct',
    member_ids: [ben.user.id]
  })
  await until(store, 'whose it is', ({ items }) => items.some(({ peer }) => peer?.id === ann.user.id))
  await anns.conversation(direct).send('Hi').sent
  await until(store, 'what ann said', ({ items }) => items[0]?.last_message?.body === 'Hi')
  t.match(store.get().items[0], { id: direct, peer: ann.user })
  await anns.rest('DELETE conversations/{conversation_id}/members/{user_id}/', {
    conversation_id: tea,
    user_id: ben.user.id
  })
  await until(store, 'tea is gone', () => !ids().includes(tea))
})

t.test('typing, the outbox, the connection; and any of them as a signal', async (t) => {
  const [ann, ben] = await Promise.all([signUp('ann'), signUp('ben')])
  const anns = clientOf(t, url, ann)
  const bens = clientOf(t, url, ben)
  const connection = connectionStore(bens)
  t.teardown(connection.subscribe(() => undefined))
  t.match(connection.get(), { status: 'idle' })
  await Promise.all([anns.connect(), bens.connect()])
  t.match(connection.get(), { status: 'online', transport: 'websocket' })
  const room = await makeRoom(anns, ben.user.id)
  const typing = typingStore(bens, room)
  t.teardown(typing.subscribe(() => undefined))
  await waitUntil(() => bens.cursors()[room] !== undefined && anns.cursors()[room] !== undefined, {
    message: 'both follow the room'
  })
  anns.conversation(room).typing(true)
  await until(typing, 'ann is writing', (ids) => ids.includes(ann.user.id))
  await anns.conversation(room).send('written').sent
  await until(typing, 'ann has written', (ids) => ids.length === 0)

  const { signal, off } = signalOf(outboxStore(bens), (value) => ({ value }))
  bens.conversation(room).send(' ')
  await waitUntil(() => signal.value[0]?.state === 'failed', { message: 'it is shown as failed' })
  off()
})
