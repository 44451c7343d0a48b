import { waitUntil } from '@parley/testing'
import t from 'tap'
import { createMemoryEventBus } from '../src/index.ts'
import { matcher } from '../src/subject-matcher.ts'
import { bytes, eventBusSuite, messages, textOf } from './event-bus-suite.ts'

t.test('the event bus suite', async (t) => {
  const bus = createMemoryEventBus()
  t.teardown(() => bus.close())
  await eventBusSuite(t, async () => bus)
})

t.test('one test leaves nothing to the next in memory', async (t) => {
  const bus = createMemoryEventBus()
  t.equal(bus.state, 'connected')
  const rooms: string[] = []
  bus.subscribe('room.a', (payload) => void rooms.push(textOf({ payload })))
  const seen: string[] = []
  await bus.consume('notifier', async (batch) => {
    for (const message of batch) {
      seen.push(textOf(message))
      bus.publish('room.a', message.payload)
    }
  })
  await bus.publishDurable(messages(2))
  await waitUntil(() => seen.length === 2, { message: 'both' })
  await bus.close()
  t.same(rooms, ['0', '1'], 'close hands over what was published')
  t.equal(bus.state, 'degraded')
  t.equal(await bus.inspectStream(), null)
  t.match(await bus.publishDurable(messages(1)), [/closed/])
  bus.publish('room.a', bytes('late'))
  t.equal(bus.dropped, 1)
  await t.rejects(bus.flush(), { message: /closed/ })
})

t.test('memory is bounded', async (t) => {
  const bus = createMemoryEventBus()
  t.teardown(() => bus.close())
  const large = Buffer.alloc(16 * 1024 * 1024)
  for (let n = 0; n < 5; n++) bus.publish('room.a', large)
  t.equal(bus.dropped, 2)
  const results = await bus.publishDurable(messages(6).map((message) => ({ ...message, payload: large })))
  t.match(results, [undefined, undefined, undefined, undefined, /full/, /full/])
  let handled = 0
  await bus.consume('notifier', async (batch) => void (handled += batch.length))
  await waitUntil(() => handled === 4, { message: 'what was stored' })
  t.same(await bus.publishDurable(messages(1)), [undefined], 'room again')
})

t.test('matcher', async (t) => {
  const cases: [string, string, boolean][] = [
    ['a.b', 'a.b', true],
    ['a.b', 'a.c', false],
    ['a.*', 'a.b', true],
    ['a.*', 'a', false],
    ['a.*', 'a.b.c', false],
    ['*.b', 'a.b', true],
    ['a.>', 'a.b.c', true],
    ['a.>', 'a', false],
    ['>', 'a.b', true]
  ]
  for (const [pattern, subject, expected] of cases)
    t.equal(matcher(pattern)(subject), expected, `${pattern} ${subject}`)
})
