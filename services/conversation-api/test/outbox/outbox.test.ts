import { durables, splitEvents } from '@parley/contracts'
import { createMemoryEventBus, type DurableMessage, type EventBus } from '@parley/event-bus'
import { waitUntil } from '@parley/testing'
import { sql } from 'kysely'
import { pino } from 'pino'
import t from 'tap'
import { MessageWriter } from '../../src/messages/message-writer.ts'
import { OutboxRelay } from '../../src/outbox/outbox-relay.ts'
import { countUnpublished, leftovers, truncateSlotAhead } from '../../src/outbox/outbox-store.ts'
import { OutboxSweeper } from '../../src/outbox/outbox-sweeper.ts'
import { core } from '../core-harness.ts'

const logger = pino({ level: 'silent' })

/** A bus that can be told to store nothing and to have lost its stream, and remembers what it stored. */
function flaky() {
  const bus = createMemoryEventBus()
  const stored: DurableMessage[] = []
  const state = { away: false, stream: { created: 'first', last_seq: 0 } }
  const wrapped: EventBus = {
    ...methodsOf(bus),
    async publishDurable(messages) {
      if (state.away) return messages.map(() => new Error('away'))
      stored.push(...messages)
      state.stream.last_seq += messages.length
      return messages.map(() => undefined)
    },
    inspectStream: async () => (state.away ? null : state.stream)
  }
  return { bus: wrapped, stored, state }
}

function methodsOf(bus: EventBus): EventBus {
  return {
    get state() {
      return bus.state
    },
    get dropped() {
      return bus.dropped
    },
    publishDurable: (messages) => bus.publishDurable(messages),
    inspectStream: () => bus.inspectStream(),
    consume: (durable, handler) => bus.consume(durable, handler),
    publish: (subject, payload) => bus.publish(subject, payload),
    subscribe: (subject, handler) => bus.subscribe(subject, handler),
    flush: (timeout) => bus.flush(timeout),
    close: () => bus.close()
  }
}

async function outbox(test: Parameters<typeof core>[0]) {
  const base = await core(test)
  const broker = flaky()
  const relay = new OutboxRelay(broker.bus, base.db, logger)
  const sweeper = new OutboxSweeper(base.db, broker.bus, relay, logger)
  const writer = new MessageWriter(base.pool, relay)
  const ann = await base.person('ann')
  const room = await base.group(ann)
  // The harness made the group with another relay: its rows are done with.
  await sql`update outbox set published = true`.execute(base.db)
  const send = (body: string) => writer.send({ user: ann, conversation_id: room, body })
  /** Makes what waits old enough to be swept. */
  const age = () => sql`update outbox set at = at - interval '1 minute'`.execute(base.db)
  return { ...base, ...broker, relay, sweeper, writer, send, age, room, ann }
}

t.test('what is committed is published at once and marked', async (t) => {
  const { relay, stored, send, db } = await outbox(t)
  await Promise.all(['one', 'two', 'three'].map(send))
  await relay.settled()
  t.same(
    stored.map(({ payload }) => splitEvents(payload).map(({ seq }) => seq)),
    [[2, 3, 4]],
    'one message for what a batch wrote'
  )
  t.match(stored[0]?.subject, /^message\.created\./)
  t.match(splitEvents(stored[0]?.payload ?? Buffer.alloc(0))[0]?.frame.toString(), /"body":"one"/)
  t.equal(await countUnpublished(db), 0)
})

t.test('a batch over several conversations is one message, and each is marked', async (t) => {
  const { relay, stored, writer, ann, room, group, db } = await outbox(t)
  const other = await group(ann)
  await sql`update outbox set published = true`.execute(db)
  const to = [room, other, room, other, other]
  await Promise.all(to.map((conversation_id) => writer.send({ user: ann, conversation_id, body: 'x' })))
  await relay.settled()
  t.equal(stored.length, 1)
  t.equal(stored[0]?.subject, 'message.created.many')
  t.same(
    splitEvents(stored[0]?.payload ?? Buffer.alloc(0)).map((e) => [e.conversation_id, e.seq]),
    [
      [room, 2],
      [other, 2],
      [room, 3],
      [other, 3],
      [other, 4]
    ]
  )
  t.equal(await countUnpublished(db), 0)
})

t.test('sends go on without a broker; leftovers are rung for later, without their text', async (t) => {
  const { relay, sweeper, stored, state, send, db, age } = await outbox(t)
  state.away = true
  await Promise.all(['one', 'two'].map(send))
  await relay.settled()
  t.equal(await countUnpublished(db), 2)
  await age()
  t.equal(await sweeper.sweep(), 0, 'nothing while the broker is away')

  state.away = false
  t.equal(await sweeper.sweep(), 2)
  t.same(
    stored.flatMap(({ payload }) => splitEvents(payload)).map((e) => [e.seq, e.kind, e.frame.length]),
    [
      [2, 'message.created', 0],
      [3, 'message.created', 0]
    ]
  )
  t.equal(await countUnpublished(db), 0)
  t.equal(await sweeper.sweep(), 0)
})

t.test('a long run goes out in parts, and stays in the outbox until the broker has them all', async (t) => {
  const { relay, sweeper, stored, bus, send, db, age } = await outbox(t)
  const publish = bus.publishDurable
  // The broker takes the first part only.
  bus.publishDurable = async (messages) => {
    const [first, ...others] = messages
    return [...(await publish(first ? [first] : [])), ...others.map(() => new Error('full'))]
  }
  await Promise.all(Array.from({ length: 80 }, (_, n) => send(`${n}`.padEnd(4_000, 'x'))))
  await relay.settled()
  t.equal(await countUnpublished(db), 80, 'a row is marked when all it stands for is stored')
  const early = stored.splice(0)
  t.equal(early.length, 1)
  t.ok((early[0]?.payload.length ?? 0) < 300 * 1024)

  bus.publishDurable = publish
  await age()
  t.equal(await sweeper.sweep(), 80, 'the whole run, under another id than its first part')
  t.notOk(stored.some(({ id }) => id === early[0]?.id))
  t.equal(await countUnpublished(db), 0)
})

t.test('leftovers are taken some at a time, whatever the rows stand for', async (t) => {
  const { relay, state, send, db, age } = await outbox(t)
  state.away = true
  for (let batch = 0; batch < 3; batch++) await Promise.all(Array.from({ length: 4 }, (_, n) => send(`${n}`)))
  await relay.settled()
  await age()
  const some = await leftovers(db, 0, 6)
  t.same(
    some.map(({ seq }) => seq),
    [2, 3, 4, 5, 6, 7, 8, 9]
  )
  t.equal(await countUnpublished(db), 12)
})

t.test('what the relay still holds is not swept', async (t) => {
  const { relay, sweeper, state, send } = await outbox(t)
  state.away = true
  await send('one')
  await relay.settled()
  state.away = false
  t.equal(await sweeper.sweep(), 0)
})

for (const [what, lose] of Object.entries({
  wiped: (state: { created: string; last_seq: number }) =>
    Object.assign(state, { created: 'second', last_seq: 0 }),
  'rolled back': (state: { created: string; last_seq: number }) => Object.assign(state, { last_seq: 1 })
})) {
  t.test(`a broker that was ${what} gets the last hour again, under fresh ids`, async (t) => {
    const { relay, sweeper, stored, state, send, age } = await outbox(t)
    for (const body of ['one', 'two']) await send(body)
    await relay.settled()
    await sweeper.sweep()
    await age()
    const before = stored.splice(0)
    lose(state.stream)
    // One of two messages made it into the rolled-back stream's memory, or none: both events go out again.
    t.ok((await sweeper.sweep()) >= 2)
    const again = stored.filter(({ subject }) => subject.startsWith('message.'))
    t.same(
      again.flatMap(({ payload }) => splitEvents(payload)).map(({ seq }) => seq),
      [2, 3]
    )
    t.notOk(again.some(({ id }) => before.some((b) => b.id === id)))
    t.equal(await sweeper.sweep(), 0, 'once')
  })
}

t.test('only one instance sweeps at a time', async (t) => {
  const { bus, db, relay, send, state, stored, age } = await outbox(t)
  state.away = true
  await Promise.all(Array.from({ length: 50 }, (_, n) => send(`${n}`)))
  await relay.settled()
  await age()
  state.away = false
  const sweepers = Array.from({ length: 4 }, () => {
    const own = new OutboxRelay(bus, db, logger)
    return new OutboxSweeper(db, bus, own, logger)
  })
  await Promise.all(sweepers.map((sweeper) => sweeper.sweep()))
  await waitUntil(async () => (await countUnpublished(db)) === 0, { message: 'all is published' })
  t.equal(new Set(stored.flatMap(({ payload }) => splitEvents(payload)).map(({ seq }) => seq)).size, 50)
})

t.test('the slot ahead is emptied, the others are kept', async (t) => {
  const { db, send, relay } = await outbox(t)
  await send('one')
  await relay.settled()
  await sql`update outbox set slot = (outbox_slot(now()) + 1) % 4`.execute(db)
  await send('two')
  await relay.settled()
  await truncateSlotAhead(db)
  const { rows } = await sql<{ n: number }>`select count(*) as n from outbox`.execute(db)
  t.equal(rows[0]?.n, 1)
})

t.test('a real bus carries events to the durable consumer', async (t) => {
  const base = await core(t)
  const bus = createMemoryEventBus()
  t.teardown(() => bus.close())
  const relay = new OutboxRelay(bus, base.db, logger)
  const writer = new MessageWriter(base.pool, relay)
  const ann = await base.person('ann')
  const room = await base.group(ann)
  const seen: number[] = []
  await bus.consume(durables.notifier, async (batch) => {
    for (const { payload } of batch) seen.push(...splitEvents(payload).map(({ seq }) => seq))
  })
  for (let n = 0; n < 20; n++) await writer.send({ user: ann, conversation_id: room, body: `${n}` })
  await waitUntil(() => seen.length === 20, { message: 'all events arrive' })
  t.same(
    seen,
    Array.from({ length: 20 }, (_, n) => n + 2)
  )
})
