// The outbox with a server in hand: order, retries under one key, refusals, and what it keeps.
import t from 'tap'
import {
  ConflictError,
  NetworkError,
  type OutboxEntry,
  type OutboxStorage,
  ParleyError,
  UnavailableError
} from '../../src/index.ts'
import { Outbox } from '../../src/outbox/outbox.ts'
import { turns } from '../manual-clock.ts'

/** Entries in a list that outlives the outbox. */
function keptStorage(entries: OutboxEntry[] = []): OutboxStorage & { entries: OutboxEntry[] } {
  const at = (client_id: string) => entries.findIndex((one) => one.client_id === client_id)
  return {
    entries,
    load: async () => [...entries],
    put: async (entry) =>
      void entries.splice(at(entry.client_id) < 0 ? entries.length : at(entry.client_id), 1, entry),
    remove: async (client_id) => void (at(client_id) >= 0 && entries.splice(at(client_id), 1))
  }
}

function testOutbox(storage = keptStorage()) {
  const sent: string[] = []
  const states: string[] = []
  const problems: unknown[] = []
  const server = { answer: undefined as (() => Promise<void>) | undefined }
  const outbox = new Outbox({
    storage,
    newId: () => `new-${sent.length}`,
    pause: async () => turns(),
    changed: ({ client_id, state }) => states.push(`${client_id} ${state}`),
    problem: (error) => problems.push(error),
    send: async ({ client_id }) => {
      sent.push(client_id)
      await server.answer?.()
      return { message_id: `m-${client_id}`, seq: sent.length }
    }
  })
  return { outbox, storage, sent, states, problems, server }
}

async function settle() {
  for (let n = 0; n < 8; n++) await turns()
}

t.test(
  'one at a time in a conversation, in the order they were said; conversations do not wait for each other',
  async (t) => {
    const { outbox, sent, server } = testOutbox()
    const held = Promise.withResolvers<void>()
    server.answer = () => held.promise
    outbox.open('me')
    for (const id of ['a1', 'a2', 'a3']) outbox.add('a', { body: id }, id)
    outbox.add('b', { body: 'b1' }, 'b1')
    await settle()
    t.strictSame(sent, ['a1', 'b1'])
    held.resolve()
    await settle()
    t.strictSame(sent, ['a1', 'b1', 'a2', 'a3'])
    t.strictSame(outbox.entries(), [])
  }
)

t.test(
  'a lost answer is asked for again under the same key, before anything that was said later',
  async (t) => {
    const { outbox, sent, states, server } = testOutbox()
    let left = 2
    server.answer = async () => {
      if (left-- > 0)
        throw left > 0
          ? new NetworkError('lost')
          : new UnavailableError({ code: 'unavailable', temporary: true })
    }
    outbox.open('me')
    const first = outbox.add('a', { body: 'one' }, 'one')
    outbox.add('a', { body: 'two' }, 'two')
    t.strictSame(await first.sent, { message_id: 'm-one', seq: 3 })
    await settle()
    t.strictSame(sent, ['one', 'one', 'one', 'two'])
    t.strictSame(states.filter((state) => state.startsWith('one')).slice(1), [
      'one sending',
      'one queued',
      'one sending',
      'one queued',
      'one sending',
      'one sent'
    ])
  }
)

t.test('what is refused waits for its author, and goes to the end when it is tried again', async (t) => {
  const { outbox, sent, server, storage } = testOutbox()
  let refuse = true
  server.answer = async () => {
    if (refuse && sent.at(-1) === 'one') throw new ConflictError({ code: 'message_deleted' })
  }
  outbox.open('me')
  const first = outbox.add('a', { body: 'one' }, 'one')
  outbox.add('a', { body: 'two' }, 'two')
  await t.rejects(first.sent, ConflictError)
  await settle()
  t.match(outbox.entries('a'), [{ client_id: 'one', state: 'failed', error: { code: 'message_deleted' } }])
  t.match(storage.entries, [{ client_id: 'one', state: 'failed' }])
  t.equal(outbox.retry('two'), undefined, 'what has not failed is not tried again')
  refuse = false
  t.strictSame(await outbox.retry('one')?.sent, { message_id: 'm-one', seq: 3 })
  await settle()
  t.strictSame(storage.entries, [])
})

for (const code of ['not_found', 'idempotency_refused'])
  t.test(`SND-9 what was refused with ${code} is tried again under another key`, async (t) => {
    const { outbox, sent, states, server, storage } = testOutbox()
    server.answer = async () => {
      if (sent.at(-1) === 'one') throw new ParleyError({ code })
    }
    outbox.open('me')
    await t.rejects(outbox.add('a', { body: 'one' }, 'one').sent, { code })
    const again = outbox.retry('one')
    t.equal(again?.client_id, 'new-1')
    t.match(outbox.entries('a'), [{ client_id: 'new-1', content: { body: 'one' }, user_id: 'me' }])
    t.notOk('error' in (outbox.entries('a')[0] ?? {}))
    t.strictSame(await again?.sent, { message_id: 'm-new-1', seq: 2 })
    await settle()
    t.strictSame(sent, ['one', 'new-1'])
    t.equal(states.filter((state) => state.startsWith('one')).at(-1), 'one failed')
    t.strictSame(storage.entries, [])
  })

t.test(
  'without a connection it keeps; an outbox made later sends the same, under the same keys',
  async (t) => {
    const { outbox, sent, storage } = testOutbox()
    for (const id of ['one', 'two', 'three']) outbox.add('a', { body: id }, id)
    outbox.discard('two')
    await outbox.stored
    t.strictSame(sent, [])
    const later = testOutbox(keptStorage([...storage.entries]))
    later.outbox.open('me')
    later.outbox.add('a', { body: 'four' }, 'four')
    await settle()
    t.strictSame(later.sent, ['one', 'three', 'four'])
    t.strictSame(later.storage.entries, [])
  }
)

t.test('what somebody else left is kept, and not sent in my name', async (t) => {
  const theirs = {
    client_id: 'x',
    conversation_id: 'a',
    content: { body: 'x' },
    user_id: 'them',
    queued_at: 0,
    state: 'sending'
  } as const
  const { outbox, sent, storage } = testOutbox(keptStorage([theirs]))
  outbox.open('me')
  await outbox.add('a', { body: 'mine' }, 'mine').sent
  t.strictSame(sent, ['mine'])
  await settle()
  t.match(storage.entries, [{ client_id: 'x' }])
})

t.test('a storage that fails costs what was to be kept, not what is sent', async (t) => {
  const broken: OutboxStorage = {
    load: async () => Promise.reject(new Error('no disk')),
    put: async () => Promise.reject(new Error('no disk')),
    remove: async () => Promise.reject(new Error('no disk'))
  }
  const { outbox, problems } = testOutbox(broken as ReturnType<typeof keptStorage>)
  outbox.open('me')
  await outbox.add('a', { body: 'one' }, 'one').sent
  await outbox.stored
  t.match(problems, [{ code: 'storage' }, { code: 'storage' }, { code: 'storage' }])
})
