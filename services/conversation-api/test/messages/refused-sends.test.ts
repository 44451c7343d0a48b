import { ProblemError } from '@parley/contracts'
import { waitUntil } from '@parley/testing'
import type { QueryConfig } from 'pg'
import t from 'tap'
import { forwardMessage } from '../../src/messages/forward-message.ts'
import { MessageWriter, type NewSend, type Sent } from '../../src/messages/message-writer.ts'
import { core } from '../core-harness.ts'
import { lockWaiters } from './lock-watch.ts'

const code = (error: unknown) => (error instanceof ProblemError ? error.code : error)
const outcome = (sent: Promise<Sent>) => sent.then((s) => (s.replay ? 'replay' : s.seq), code)

/** Ann's room; Bob comes and goes. `held` writes as another instance does whose way to Postgres is blocked, from `writing` until `arrive`. */
async function removedAndHeld(t: Parameters<typeof core>[0]) {
  const context = await core(t)
  const { db, pool, relay, person, group } = context
  const [ann, bob] = [await person('ann'), await person('bob')]
  const room = await group(ann, bob)
  const link = Promise.withResolvers<void>()
  const writing = Promise.withResolvers<void>()
  const slow = Object.assign(Object.create(pool) as typeof pool, {
    async query(config: QueryConfig) {
      writing.resolve()
      await link.promise
      return pool.query(config)
    }
  })
  const remembered = async () => (await db.selectFrom('refused_sends').select('client_id').execute()).length
  const held = new MessageWriter(slow, relay)
  return { ...context, ann, bob, room, held, writing: writing.promise, arrive: link.resolve, remembered }
}

const contents: [string, Partial<NewSend>][] = [
  ['a text', { body: 'held' }],
  ['one that mentions', { body: 'held @ann' }]
]

for (const [what, content] of contents) {
  for (const company of [0, 2]) {
    t.test(`SND-9 ${what}, held while its repeat was refused, with ${company} in its batch`, async (t) => {
      const { writer, held, arrive, ann, bob, room, add, remove, lineIsDense } = await removedAndHeld(t)
      const send = { user: bob, conversation_id: room, body: '', client_id: 'k', ...content }
      const others = Array.from({ length: company }, (_, n) => ({ ...send, user: ann, client_id: `a${n}` }))
      const first = [send, ...others].map((one) => outcome(held.send(one)))
      await remove(room, bob)
      t.equal(await outcome(writer.send(send)), 'not_found', 'the repeat')
      await add(room, bob)
      arrive()
      t.same(await Promise.all(first), ['idempotency_refused', ...others.map((_, n) => 5 + n)])
      t.equal(await outcome(writer.send(send)), 'idempotency_refused', 'nor does a later attempt')
      t.equal(await outcome(writer.send({ ...send, client_id: 'new' })), 5 + company)
      t.equal(await outcome(writer.send({ ...send, user: ann })), 6 + company, 'a key is its sender’s own')
      t.ok(await lineIsDense(room))
    })
  }
}

t.test('SND-9 a refusal in a batch is final, too, and one without a key is not remembered', async (t) => {
  const { writer, held, arrive, ann, bob, room, add, remove, remembered } = await removedAndHeld(t)
  const send = { user: bob, conversation_id: room, body: 'held', client_id: 'k' }
  const { client_id: _, ...keyless } = send
  const first = [send, { ...send, client_id: 'l' }].map((one) => outcome(held.send(one)))
  await remove(room, bob)
  const repeats = [send, { ...send, user: ann }, { ...send, client_id: 'l' }, keyless]
  const outcomes = await Promise.all(repeats.map((one) => outcome(writer.send(one))))
  t.same(outcomes, ['not_found', 4, 'not_found', 'not_found'])
  t.equal(await outcome(writer.send(keyless)), 'not_found')
  t.equal(await outcome(writer.send({ ...send, conversation_id: bob.id })), 'not_found', 'no such place')
  t.equal(await remembered(), 2)
  await add(room, bob)
  arrive()
  t.same(await Promise.all(first), ['idempotency_refused', 'idempotency_refused'])
  t.equal(await outcome(writer.send(keyless)), 6)
})

t.test('SND-9 while the sender is no member, every attempt is answered alike', async (t) => {
  const { writer, bob, room, remove, remembered } = await removedAndHeld(t)
  const send = { user: bob, conversation_id: room, body: 'x', client_id: 'k' }
  const stored = { ...send, client_id: 'stored' }
  t.equal(await outcome(writer.send(stored)), 3)
  await remove(room, bob)
  for (let n = 0; n < 2; n++) t.equal(await outcome(writer.send(send)), 'not_found')
  t.equal(await remembered(), 1)
  t.equal(await outcome(writer.send({ ...stored, body: 'other words' })), 'not_found')
  t.equal(await outcome(writer.send(stored)), 'replay', 'what was stored stays what its key did')
})

t.test('SND-9 refusals are forgotten after an hour, by whoever is refused next', async (t) => {
  const { db, writer, bob, room, add, remove, remembered } = await removedAndHeld(t)
  const send = { user: bob, conversation_id: room, body: 'x' }
  await remove(room, bob)
  for (const client_id of ['old', 'older', 'new']) await outcome(writer.send({ ...send, client_id }))
  const before = (ms: number) => db.updateTable('refused_sends').set({ at: new Date(Date.now() - ms) })
  await before(3_601_000).where('client_id', 'like', 'old%').execute()
  await before(3_590_000).where('client_id', '=', 'new').execute()
  t.equal(await remembered(), 3)
  await outcome(writer.send({ ...send, client_id: 'next' }))
  t.equal(await remembered(), 2)
  await add(room, bob)
  t.equal(await outcome(writer.send({ ...send, client_id: 'old' })), 5)
  t.equal(await outcome(writer.send({ ...send, client_id: 'new' })), 'idempotency_refused')
})

t.test('SND-9 FWD-1 a copy whose source was lost meanwhile', async (t) => {
  const { db, writer, held, writing, arrive, ann, bob, room, group, add, remove } = await removedAndHeld(t)
  const target = await group(bob, ann)
  const source = await writer.send({ user: ann, conversation_id: room, body: 'hers' })
  const from = { conversation_id: room, message_id: source.message_id }
  const forward = (client_id: string) => ({ user: bob, conversation_id: target, from, client_id })
  const first = forwardMessage({ db, writer: held }, forward('k')).catch(code)
  await writing
  await remove(room, bob)
  await t.rejects(forwardMessage({ db, writer }, forward('k')), { code: 'not_found' })
  arrive()
  t.equal(await first, 'idempotency_refused')
  await add(room, bob)
  await t.rejects(forwardMessage({ db, writer }, forward('k')), { code: 'idempotency_refused' })
  t.match(await forwardMessage({ db, writer }, forward('l')), { replay: false, message: { body: 'hers' } })
})

t.test('SND-9 a copy that was stored while its repeat was refused', async (t) => {
  const { db, pool, relay, writer, ann, bob, room, group, remove } = await removedAndHeld(t)
  const target = await group(bob, ann)
  const source = await writer.send({ user: ann, conversation_id: room, body: 'hers' })
  const from = { conversation_id: room, message_id: source.message_id }
  const forward = { user: bob, conversation_id: target, from, client_id: 'k' }
  const client = await pool.connect()
  t.teardown(() => client.release())
  await client.query('begin')
  const uncommitted = new MessageWriter(client as unknown as typeof pool, relay)
  const first = await forwardMessage({ db, writer: uncommitted }, forward)
  await remove(room, bob)
  const repeat = forwardMessage({ db, writer }, forward)
  await waitUntil(() => lockWaiters(pool).then((n) => n > 0), { message: 'the repeat waits for the lock' })
  await client.query('commit')
  t.match(await repeat, { replay: true, message: { id: first.message.id } })
})
