import { ProblemError } from '@parley/contracts'
import { waitUntil } from '@parley/testing'
import type { QueryConfig } from 'pg'
import t from 'tap'
import { deleteMessage, editMessage } from '../../src/messages/message-mutations.ts'
import { MessageWriter, type NewSend, type Sent } from '../../src/messages/message-writer.ts'
import { sendMessage } from '../../src/messages/send-message.ts'
import { reactToMessage } from '../../src/reactions/react.ts'
import { core } from '../core-harness.ts'
import { lockHolders, lockWaiters } from './lock-watch.ts'

const code = (error: unknown) => (error instanceof ProblemError ? error.code : error)
const outcome = (sent: Promise<Sent>) => sent.then((s) => (s.replay ? 'replay' : s.seq), code)

t.test('LIN-1 LIN-2 each item of a batch is judged alone and only sent ones take a number', async (t) => {
  const { writer, person, group, lineIsDense, published } = await core(t)
  const [ann, bob, eve] = [await person('ann'), await person('bob'), await person('eve')]
  const room = await group(ann, bob)
  const other = await group(bob)
  const foreign = await writer.send({ user: bob, conversation_id: other, body: 'elsewhere' })

  const outcomes = await Promise.all(
    [
      { user: ann, conversation_id: room, body: 'one', client_id: 'k' },
      { user: ann, conversation_id: room, body: 'one', client_id: 'k' },
      { user: ann, conversation_id: room, body: 'another', client_id: 'k' },
      { user: bob, conversation_id: room, body: 'one', client_id: 'k' },
      { user: eve, conversation_id: room, body: 'let me in' },
      { user: ann, conversation_id: other, body: 'not mine' },
      { user: ann, conversation_id: eve.id, body: 'no such place' },
      { user: bob, conversation_id: room, body: 're', reply_to_id: foreign.message_id },
      { user: bob, conversation_id: other, body: 'two' },
      { user: bob, conversation_id: room, body: 'last' }
    ].map((send) => outcome(writer.send(send)))
  )
  t.same(outcomes, [
    3,
    'replay',
    'idempotency_conflict',
    4,
    'not_found',
    'not_found',
    'not_found',
    'validation_failed',
    3,
    5
  ])
  t.ok(await lineIsDense(room))
  t.ok(await lineIsDense(other))
  t.same(
    published.filter((e) => e.conversation_id === room).map((e) => [e.seq, e.kind]),
    [
      [1, 'member.added'],
      [2, 'member.added'],
      [3, 'message.created'],
      [4, 'message.created'],
      [5, 'message.created']
    ]
  )
})

t.test('LIN-1 LIN-2 a lone send is judged as one in a batch is', async (t) => {
  const context = await core(t)
  const { writer, person, group, lineIsDense } = context
  const [ann, bob] = [await person('ann'), await person('bob')]
  const [room, other] = [await group(ann), await group(bob)]
  const send = (more: Partial<NewSend>) =>
    outcome(writer.send({ user: ann, conversation_id: room, body: 'one', ...more }))
  const foreign = await writer.send({ user: bob, conversation_id: other, body: 'elsewhere' })
  const gone = await writer.send({ user: ann, conversation_id: room, body: 'to be deleted' })
  await deleteMessage(context, { user_id: ann.id, conversation_id: room, message_id: gone.message_id })

  t.equal(await send({ client_id: 'k' }), 4)
  t.equal(await send({ client_id: 'k' }), 'replay')
  t.equal(await send({ client_id: 'k', body: 'another' }), 'idempotency_conflict')
  t.equal(await send({ user: bob, client_id: 'k' }), 'not_found')
  t.equal(await send({ conversation_id: ann.id }), 'not_found')
  t.equal(await send({ reply_to_id: foreign.message_id }), 'validation_failed')
  t.equal(await send({ reply_to_id: gone.message_id }), 'message_deleted')
  const reply = await writer.send({ user: ann, conversation_id: room, body: 're' })
  t.equal(await send({ reply_to_id: reply.message_id, client_id: 'l' }), 6)
  t.ok(await lineIsDense(room))
})

t.test('SND-7 a repeat within a batch waits for the next, and nobody else for it', async (t) => {
  const { pool, relay, person, group, lineIsDense } = await core(t)
  const [ann, bob] = [await person('ann'), await person('bob')]
  const [room, other] = [await group(ann, bob), await group(ann, bob)]
  let calls = 0
  const counted = Object.assign(Object.create(pool) as typeof pool, {
    query: (config: QueryConfig) => pool.query(config).finally(() => calls++)
  })
  const writer = new MessageWriter(counted, relay)
  const same = { body: 'x', client_id: '1' }
  const outcomes = await Promise.all(
    [
      { user: ann, conversation_id: room, ...same },
      { user: bob, conversation_id: room, ...same },
      { user: ann, conversation_id: other, ...same },
      { user: ann, conversation_id: room, ...same },
      { user: ann, conversation_id: room, body: 'y' },
      { user: ann, conversation_id: room, ...same, body: 'z' }
    ].map((send) => outcome(writer.send(send)))
  )
  t.same(outcomes, [3, 4, 3, 'replay', 5, 'idempotency_conflict'])
  t.equal(calls, 3, 'each repeat meets the one before it as stored')
  t.ok(await lineIsDense(room))
})

t.test('LIN-2 REV-1 a send that waits behind a removal is refused', async (t) => {
  const { writer, pool, person, group, remove, lineIsDense } = await core(t)
  const [ann, bob] = [await person('ann'), await person('bob')]
  const room = await group(ann, bob)
  const hold = Promise.withResolvers<void>()
  const removal = remove(room, bob, hold.promise)
  await waitUntil(() => lockHolders(pool).then((n) => n > 0), { message: 'the removal holds the row lock' })
  const waiting = outcome(writer.send({ user: bob, conversation_id: room, body: 'too late' }))
  await waitUntil(() => lockWaiters(pool).then((n) => n > 0), { message: 'the send waits for the lock' })
  hold.resolve()
  t.equal(await removal, 3)
  t.equal(await waiting, 'not_found')
  t.ok(await lineIsDense(room))
})

t.test('SND-2 a repeated client_id that waits behind its original leaves no hole', async (t) => {
  const { pool, relay, person, group, lineIsDense } = await core(t)
  const ann = await person('ann')
  const room = await group(ann)
  const instances = Array.from({ length: 4 }, () => new MessageWriter(pool, relay))
  for (let round = 0; round < 20; round++) {
    const send = { user: ann, conversation_id: room, body: `${round}`, client_id: `c${round}` }
    const outcomes = await Promise.all(instances.map((writer) => outcome(writer.send(send))))
    t.equal(outcomes.filter((o) => o === 'replay').length, 3)
  }
  t.ok(await lineIsDense(room))
})

t.test('SND-2 a retry is answered for ever: after an edit, after a delete, after a removal', async (t) => {
  const context = await core(t)
  const { person, group, remove, add } = context
  const [ann, bob] = [await person('ann'), await person('bob')]
  const room = await group(ann, bob)
  const send = { user: bob, conversation_id: room, body: 'first', client_id: 'once' }
  const { message } = await sendMessage(context, send)
  const on = { user_id: bob.id, conversation_id: room, message_id: message.id }

  await editMessage(context, { ...on, body: 'second' })
  const edited = await sendMessage(context, send)
  t.match(edited, { replay: true, message: { id: message.id, seq: message.seq, body: 'second' } })
  await t.rejects(sendMessage(context, { ...send, body: 'second' }), { code: 'idempotency_conflict' })

  await deleteMessage(context, on)
  const deleted = await sendMessage(context, send)
  t.match(deleted, { replay: true, message: { id: message.id, seq: message.seq, body: null } })

  const last = { ...send, body: 'last words', client_id: 'twice' }
  const { message: kept } = await sendMessage(context, last)
  const reaction = { conversation_id: room, message_id: kept.id, emoji: '👋', on: true }
  await remove(room, bob)
  await reactToMessage(context, { ...reaction, user_id: ann.id })
  t.match(await sendMessage(context, send), { replay: true, message: { id: message.id, body: null } })
  const own = { id: kept.id, seq: kept.seq, changed_seq: kept.seq, body: 'last words', reactions: [] }
  t.match(await sendMessage(context, last), { replay: true, message: own }, 'what others did is not told')
  for (const never_sent of [
    { ...last, body: 'other words' },
    { ...last, client_id: 'thrice' },
    { ...last, user: ann, client_id: 'twice', conversation_id: bob.id }
  ])
    await t.rejects(sendMessage(context, never_sent), { code: 'not_found' })
  await add(room, bob)
  t.equal((await sendMessage(context, send)).message.id, message.id)
})

t.test('SND-2 a retry after a removal is answered in a batch, too', async (t) => {
  const context = await core(t)
  const { person, group, remove } = context
  const [ann, bob] = [await person('ann'), await person('bob')]
  const room = await group(ann, bob)
  const send = { user: bob, conversation_id: room, body: 'first', client_id: 'once' }
  await context.writer.send(send)
  await remove(room, bob)
  const together = [send, { ...send, client_id: 'new' }, { user: ann, conversation_id: room, body: 'next' }]
  const outcomes = await Promise.all(together.map((one) => outcome(context.writer.send(one))))
  t.same(outcomes, ['replay', 'not_found', 5])
})

t.test('a value that Postgres refuses fails alone', async (t) => {
  const { writer, person, group } = await core(t)
  const ann = await person('ann')
  const room = await group(ann)
  const [before, bad, after] = await Promise.all(
    ['fine', 'a\u0000b', 'fine too'].map((body) =>
      outcome(writer.send({ user: ann, conversation_id: room, body }))
    )
  )
  t.same([before, after], [2, 3])
  t.match(bad, { code: '22021' })
})

t.test('LIN-3 SND-7 sends keep the order in which they came', async (t) => {
  const { writer, person, group } = await core(t)
  const ann = await person('ann')
  const room = await group(ann)
  const sent = await Promise.all(
    Array.from({ length: 600 }, (_, n) =>
      outcome(writer.send({ user: ann, conversation_id: room, body: `${n}` }))
    )
  )
  t.same(
    sent,
    Array.from({ length: 600 }, (_, n) => n + 2)
  )
})

t.test('too many waiting sends are refused, not kept', async (t) => {
  const { writer, pool, person, group, remove } = await core(t)
  const [ann, bob] = [await person('ann'), await person('bob')]
  const room = await group(ann, bob)
  const hold = Promise.withResolvers<void>()
  const removal = remove(room, bob, hold.promise)
  await waitUntil(() => lockHolders(pool).then((n) => n > 0), { message: 'the line is locked' })
  const sends = Array.from({ length: 4_300 }, (_, n) =>
    outcome(writer.send({ user: ann, conversation_id: room, body: `${n}` }))
  )
  hold.resolve()
  await removal
  const outcomes = await Promise.all(sends)
  t.equal(outcomes.filter((o) => o === 'overloaded').length, 300)
  t.equal(outcomes.filter((o) => typeof o === 'number').length, 4_000)
})

t.test('whoever would wait too long is refused, however few wait', async (t) => {
  const { writer, pool, person, group, remove } = await core(t)
  const [ann, bob] = [await person('ann'), await person('bob')]
  const room = await group(ann, bob)
  const hold = Promise.withResolvers<void>()
  const removal = remove(room, bob, hold.promise)
  await waitUntil(() => lockHolders(pool).then((n) => n > 0), { message: 'the line is locked' })
  const send = (body: string) => outcome(writer.send({ user: ann, conversation_id: room, body }))
  const first = send('in flight')
  await waitUntil(() => lockWaiters(pool).then((n) => n > 0), { message: 'the first waits for the lock' })
  const second = send('waits')
  const outcomes: unknown[] = []
  await waitUntil(
    () => {
      void send('comes too late').then((one) => outcomes.push(one))
      return outcomes.includes('overloaded')
    },
    { message: 'the second has waited for too long' }
  )
  hold.resolve()
  await removal
  t.same([await first, await second], [4, 5])
})

t.test('without a database a send is unavailable and may be retried', async (t) => {
  const { writer, pool, person, group } = await core(t)
  const ann = await person('ann')
  const room = await group(ann)
  const send = { user: ann, conversation_id: room, body: 'x', client_id: 'x' }
  const held = await pool.connect()
  await held.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'
  )
  held.release()
  const outcomes = [
    await outcome(writer.send(send)),
    await outcome(writer.send(send)),
    await outcome(writer.send(send))
  ]
  t.ok(outcomes.some((o) => o === 2 || o === 'replay'))
  t.ok(outcomes.every((o) => o === 2 || o === 'replay' || o === 'unavailable'))
})
