// A store of messages as a window that is moved over a conversation, on a real Parley: it holds no more than it may, has no holes, keeps
// its place, and what happens to what is in it is in it.
import { type TestContext, waitUntil } from '@parley/testing'
import t from 'tap'
import type { Client, ClientOptions } from '../../src/index.ts'
import {
  type Messages,
  type MessagesOptions,
  type MessagesStore,
  messagesStore
} from '../../src/stores/index.ts'
import { clientOf, makeRoom, testParley } from '../parley.ts'

t.setTimeout(120_000)
const { url, signUp } = await testParley(t)

interface Room {
  anns: Client
  bens: Client
  id: string
  /** Ann says these, and this is where they stand. */
  say(...bodies: string[]): Promise<number[]>
  /** Ben's store of the room, open until the test ends. */
  open(options?: MessagesOptions): Promise<MessagesStore>
}

async function room(t: TestContext, options: ClientOptions = {}): Promise<Room> {
  const [ann, ben] = await Promise.all([signUp('ann'), signUp('ben')])
  const [anns, bens] = [clientOf(t, url, ann), clientOf(t, url, ben, options)]
  await Promise.all([anns.connect(), bens.connect()])
  const id = await makeRoom(anns, ben.user.id)
  return {
    anns,
    bens,
    id,
    say: (...bodies) =>
      Promise.all(bodies.map(async (body) => (await anns.conversation(id).send(body).sent).seq)),
    async open(of) {
      const store = messagesStore(bens, id, of)
      t.teardown(store.subscribe(() => undefined))
      await until(store, 'something is there', ({ status }) => status !== 'loading')
      return store
    }
  }
}

const until = (store: MessagesStore, message: string, check: (state: Messages) => unknown) =>
  waitUntil(() => Boolean(check(store.get())), { message, timeout_ms: 15_000 })
const bodies = (store: MessagesStore) => store.get().messages.map(({ body }) => body)
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => `${from + n}`)

t.test('it moves both ways, jumps, and holds no more than it may', async (t) => {
  const { anns, bens, id, say, open } = await room(t)
  const seqs = await say(...numbers(0, 23))
  const store = await open({ limit: 3, window: 8 })
  t.strictSame(bodies(store), numbers(21, 23))
  for (let n = 0; n < 3; n++) await Promise.all([store.loadOlder(), store.loadOlder()])
  t.strictSame(bodies(store), numbers(12, 19), 'the newest ones fall out')
  t.match(store.get(), { has_older: true, has_newer: true, beyond: 0 })

  await say('new')
  await bens.conversation(id).send('mine').sent
  await until(store, 'it is known that there is more', ({ beyond }) => beyond === 1)
  // Its acknowledgement may come before its frame does.
  await until(store, 'what I said is there, further on', ({ outgoing }) => outgoing.length === 0)
  t.strictSame(bodies(store), numbers(12, 19), 'and neither is put in')
  const [shown, gone] = [store.get().messages[0], store.get().messages[1]]
  await anns.conversation(id).edit(shown?.id ?? '', 'twelve')
  await anns.conversation(id).delete(gone?.id ?? '')
  await anns.conversation(id).react(shown?.id ?? '', '👍')
  await until(store, 'what is shown is as it is now', ({ messages: [one, other] }) => {
    return one?.body === 'twelve' && one.reactions.length === 1 && other?.deleted_at
  })

  await store.loadNewer()
  t.strictSame(bodies(store), numbers(15, 22))
  await store.loadNewer()
  t.strictSame(bodies(store), [...numbers(18, 23), 'new', 'mine'])
  t.match(store.get(), { has_newer: false, beyond: 0 })
  await say(...numbers(24, 27))
  await until(store, 'what comes now is put in', () => bodies(store).at(-1) === '27')
  t.strictSame(bodies(store), ['22', '23', 'new', 'mine', ...numbers(24, 27)], 'and the oldest ones fall out')

  await store.jumpTo(seqs[5] ?? 0)
  t.strictSame(bodies(store), numbers(3, 8))
  t.match(store.get(), { has_older: true, has_newer: true })
  const before = store.get()
  await store.jumpTo(seqs[7] ?? 0)
  t.equal(store.get(), before, 'what is there needs no reading')
  await Promise.all([store.jumpTo(seqs[20] ?? 0), store.toNewest()])
  t.strictSame(bodies(store), numbers(25, 27), 'the last wish counts')
  for (let n = 0; store.get().has_older && n < 20; n++) await store.loadOlder()
  t.strictSame(bodies(store).slice(0, 2), ['0', '1'])
  t.equal(bodies(store).length, 8)

  const middle = await open({ limit: 3, at: seqs[10] })
  t.strictSame(
    bodies(middle),
    numbers(8, 9).concat('10', '11', 'twelve', null as never),
    'it can begin anywhere'
  )
})

t.test('a thread has its own; elsewhere replies are counted at its root', async (t) => {
  const { anns, bens, id, say, open } = await room(t)
  await say('before', 'root', 'after')
  const whole = await open({ limit: 3, window: 10, replies: 'apart' })
  const root = whole.get().messages[1]
  const reply = (client: Client, body: string) =>
    client.conversation(id).send({ body, thread_id: root?.id ?? null }).sent
  const first = await reply(anns, 'first')
  const second = await reply(bens, 'second')
  const rootOf = ({ messages }: Messages) => messages.find((one) => one.id === root?.id)
  await until(whole, 'both are counted', (state) => rootOf(state)?.thread?.reply_count === 2)
  t.match(rootOf(whole.get())?.thread?.last_reply, { message_id: second.message_id })
  t.strictSame(bodies(whole), ['before', 'root', 'after'])
  t.equal(whole.get().head, second.seq, 'they are known of')

  const thread = await open({ limit: 1, window: 2, thread_id: root?.id })
  t.match(thread.get(), { root: { body: 'root', thread: { reply_count: 2 } }, has_older: true })
  t.strictSame(bodies(thread), ['second'])
  await thread.loadOlder()
  t.strictSame(bodies(thread), ['first', 'second'])
  bens.conversation(id).send({ body: 'third', thread_id: root?.id ?? null })
  t.equal(thread.get().outgoing.length, 1)
  t.equal(whole.get().outgoing.length, 0)
  await say('elsewhere')
  // The older end was looked at: the window stays there.
  await until(thread, 'it is beyond', ({ has_newer }) => has_newer)
  await thread.loadNewer()
  t.strictSame(bodies(thread), ['second', 'third'])
  await anns.conversation(id).edit(root?.id ?? '', 'root, edited')
  await until(thread, 'its root is as it is now', (state) => state.root?.body === 'root, edited')

  const third = thread.get().messages[1]
  await bens.conversation(id).delete(third?.id ?? '')
  for (const store of [whole, thread])
    await until(store, 'one less', (state) => (state.root ?? rootOf(state))?.thread?.reply_count === 2)
  await until(whole, 'the last but one is the last', (state) => {
    return rootOf(state)?.thread?.last_reply?.message_id === second.message_id
  })

  // A page of nothing but replies is not the end.
  for (let n = 0; n < 3; n++) await reply(anns, `more ${n}`)
  const few = await open({ limit: 2, replies: 'apart' })
  t.ok(bodies(few).includes('elsewhere'))
  t.ok(first.seq > 0)
})

t.test('whose reactions they are, and in which order they came', async (t) => {
  const { anns, bens, id, say, open } = await room(t)
  await say('hello')
  const store = await open()
  const message_id = store.get().messages[0]?.id ?? ''
  const reactions = () => store.get().messages[0]?.reactions
  await anns.conversation(id).react(message_id, '👍')
  await bens.conversation(id).react(message_id, '🎉')
  await bens.conversation(id).react(message_id, '👍')
  await until(store, 'all three', () => reactions()?.[0]?.count === 2)
  t.match(reactions(), [
    { emoji: '👍', count: 2, me: true },
    { emoji: '🎉', count: 1, me: true }
  ])
  await anns.conversation(id).edit(message_id, 'hello again')
  await bens.conversation(id).unreact(message_id, '🎉')
  await until(store, 'one less', () => reactions()?.length === 1)
  t.match(reactions(), [{ emoji: '👍', count: 2, me: true }], 'an edit does not make it forget')
})

t.test('a gap: the window is read again, and stays where it is', async (t) => {
  const { anns, bens, id, say, open } = await room(t, { follow: 'none' })
  const seqs = await say(...numbers(0, 11))
  const newest = await open({ limit: 3, window: 8 })
  const middle = await open({ limit: 3, window: 8, at: seqs[4] })
  const unheard = middle.get().messages[0]?.id ?? ''
  await anns.conversation(id).edit(unheard, 'edited meanwhile')
  await say('12', '13')
  t.strictSame(bodies(newest), numbers(9, 11), 'nobody tells')
  bens.conversation(id).subscribe()
  await until(newest, 'what was missed', () => bodies(newest).at(-1) === '13')
  t.strictSame(bodies(newest), numbers(9, 13))
  t.match(newest.get(), { has_newer: false })
  await until(middle, 'what was changed', () => bodies(middle)[0] === 'edited meanwhile')
  t.strictSame(bodies(middle).slice(1, 6), numbers(3, 7))
  t.match(middle.get(), { has_newer: true, status: 'ready' })
})

t.test('what comes while a page is being read is not lost, nor shown twice', async (t) => {
  let held: Promise<void> | undefined
  const read = Promise.withResolvers<void>()
  const { say, open } = await room(t, {
    async fetch(input, init) {
      const response = await fetch(input, init)
      if (held && response.url.includes('/messages/?')) {
        read.resolve()
        await held
      }
      return response
    }
  })
  const seqs = await say(...numbers(0, 9))
  const store = await open({ limit: 2, window: 6, at: seqs[2] })
  const gate = Promise.withResolvers<void>()
  held = gate.promise
  const reading = store.toNewest()
  await read.promise
  await say('10', '11')
  await until(store, 'both are heard', ({ beyond }) => beyond === 2)
  gate.resolve()
  await reading
  t.strictSame(bodies(store), numbers(8, 11))
  t.match(store.get(), { has_newer: false, beyond: 0 })
})

t.test('what cannot be read says so, keeps what is there, and can be tried again', async (t) => {
  let broken = false
  const { say, open } = await room(t, {
    fetch: (input, init) => (broken ? Promise.reject(new TypeError('broken')) : fetch(input, init))
  })
  const seqs = await say(...numbers(0, 9))
  const store = await open({ limit: 3, window: 8 })
  broken = true
  await store.loadOlder()
  t.match(store.get(), { status: 'failed', reading: 'older', error: { code: 'network' } })
  t.strictSame(bodies(store), numbers(7, 9))
  await store.jumpTo(seqs[1] ?? 0)
  t.match(store.get(), { status: 'failed', reading: 'place' })
  t.strictSame(bodies(store), numbers(7, 9))
  const nothing = await open({ limit: 3, at: seqs[1] })
  t.match(nothing.get(), { status: 'failed', messages: [] })
  broken = false
  await Promise.all([store.retry(), nothing.retry()])
  for (const one of [store, nothing]) {
    t.strictSame(bodies(one), numbers(0, 4))
    t.match(one.get(), { status: 'ready', reading: undefined, error: undefined })
  }
})
