import { randomUUID } from 'node:crypto'
import {
  type DurableEvent,
  type EventKind,
  eventSubject,
  joinEvents,
  payloadSubject,
  roomSubject,
  splitEvents
} from '@parley/contracts'
import { connectJetStream, createMemoryEventBus, type EventBus } from '@parley/event-bus'
import { testNats, waitUntil } from '@parley/testing'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { buildApp } from '../src/index.ts'

const logger = pino({ level: 'silent' })
const room = randomUUID()
const other = randomUUID()

function event(conversation_id: string, seq: number, kind: EventKind = 'message.created'): DurableEvent {
  const frame = Buffer.from(JSON.stringify({ type: 'message', conversation_id, seq, text: 'æøå' }))
  return {
    conversation_id,
    seq,
    prev: seq - 1,
    kind,
    subject_id: randomUUID(),
    actor_id: randomUUID(),
    frame
  }
}

async function carries(t: Test, bus: EventBus) {
  const app = await buildApp({ bus, logger })
  t.teardown(() => app.close())
  await app.ready()
  const seen = new Map<string, DurableEvent[]>([
    [room, []],
    [other, []]
  ])
  for (const [id, events] of seen)
    bus.subscribe(roomSubject(id), (payload) => events.push(...splitEvents(payload)))
  await bus.flush()
  const publish = (events: DurableEvent[]) =>
    bus.publishDurable(
      events.map((e) => ({
        subject: eventSubject(e.kind, e.conversation_id),
        id: `${e.conversation_id}:${e.seq}`,
        payload: joinEvents([e])
      }))
    )

  const sent = [
    event(room, 1),
    event(other, 1),
    event(room, 2, 'message.deleted'),
    event(room, 3, 'member.removed')
  ]
  const doorbell = { ...event(room, 4), frame: Buffer.alloc(0) }
  const run = [event(room, 6), event(room, 7)]
  t.same(await publish([...sent, doorbell]), Array(5).fill(undefined))
  await waitUntil(() => seen.get(room)?.length === 4 && seen.get(other)?.length === 1, {
    message: 'both rooms hear of their events'
  })
  t.same(seen.get(room), [sent[0], sent[2], sent[3], doorbell])
  t.same(seen.get(other), [sent[1]])

  const bad = Buffer.from('1 0 message.exploded nobody knows this\n{}')
  const swapped = joinEvents([event(other, 9)])
  const changed = joinEvents([event(room, 7), event(room, 8)])
  changed[changed.length - 4] = 0x20
  await bus.publishDurable([
    { subject: eventSubject('message.created', room), id: 'bad', payload: bad },
    { subject: eventSubject('message.created', room), id: 'swapped', payload: swapped },
    { subject: eventSubject('message.created', room), id: 'changed', payload: changed },
    { subject: eventSubject('message.created', room), id: 'empty', payload: Buffer.alloc(0) }
  ])
  await publish([event(room, 5)])
  await waitUntil(() => seen.get(room)?.length === 5, { message: 'poison does not stop what follows' })
  const subject = eventSubject('message.created', room)
  await bus.publishDurable([{ subject, id: 'run', payload: joinEvents(run) }])
  await waitUntil(() => seen.get(room)?.length === 7, { message: 'a run arrives as a run' })
  t.same(seen.get(room)?.slice(5), run)
  const mixed = [event(room, 8), event(other, 2), event(room, 9)]
  await bus.publishDurable([
    { subject: payloadSubject(mixed), id: 'mixed', payload: joinEvents(mixed) },
    { subject, id: 'mixed elsewhere', payload: joinEvents(mixed) }
  ])
  await waitUntil(() => seen.get(room)?.length === 9 && seen.get(other)?.length === 2, {
    message: 'what travels together goes to its rooms'
  })
  t.same(seen.get(room)?.slice(7), [mixed[0], mixed[2]])
  t.same(seen.get(other)?.slice(1), [mixed[1]])
  const metrics = await app.inject('/metrics')
  t.match(metrics.body, /parley_notifier_poison_events_total\S* 5\n/)
  t.match(metrics.body, /parley_notifier_events_total\S* 11\n/)
  t.equal((await app.inject('/readyz')).statusCode, 200)
  return app
}

t.test('events reach their rooms over the memory bus', async (t) => {
  const bus = createMemoryEventBus()
  t.teardown(() => bus.close())
  const app = await carries(t, bus)
  app.beginDrain()
  t.equal((await app.inject('/readyz')).statusCode, 503)
})

t.test('events reach their rooms over JetStream; without it the notifier is not ready', async (t) => {
  const server = await testNats(t)
  if (!server) return
  const bus = await connectJetStream({ url: server.url, name: 'notifier', logger })
  t.teardown(() => bus.close())
  await waitUntil(() => bus.state === 'connected', { message: 'the bus is there' })
  const app = await carries(t, bus)
  await server.stop()
  await waitUntil(async () => (await app.inject('/readyz')).statusCode === 503, { message: 'not ready' })
  t.equal((await app.inject('/healthz')).statusCode, 200)
})
