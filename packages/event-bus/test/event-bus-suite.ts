import { randomUUID } from 'node:crypto'
import { waitUntil } from '@parley/testing'
import type { Test } from 'tap'
import type { DurableMessage, EventBus, ReceivedMessage, Subscription } from '../src/index.ts'

export const bytes = (text: string) => Buffer.from(text)
export const textOf = ({ payload }: { payload: Uint8Array }) => Buffer.from(payload).toString()

/** `count` messages of one new conversation; their payloads are 0, 1, 2 … */
export function messages(count: number, conversation: string = randomUUID()): DurableMessage[] {
  return Array.from({ length: count }, (_, n) => ({
    subject: `message.created.${conversation}`,
    id: `${conversation}:${n}`,
    payload: bytes(String(n))
  }))
}

/** Consumes for as long as the test runs. */
async function consume(
  t: Test,
  bus: EventBus,
  handler: (batch: readonly ReceivedMessage[]) => Promise<void>
): Promise<Subscription> {
  const consumer = await bus.consume('notifier', handler)
  t.teardown(() => consumer.stop())
  return consumer
}

/** What every event bus keeps. `connect` gives connections to one broker; they are closed with the test they were made for. */
export async function eventBusSuite(t: Test, connect: (t: Test) => Promise<EventBus>): Promise<void> {
  await t.test('volatile: wildcards, order, stop, failing handlers', async (t) => {
    const [sender, listener] = [await connect(t), await connect(t)]
    const seen: string[] = []
    const note = (name: string) => (payload: Uint8Array, subject: string) =>
      void seen.push(`${name} ${subject} ${textOf({ payload })}`)
    listener.subscribe('room.a', () => {
      throw new Error('this handler fails')
    })
    listener.subscribe('room.a', note('exact'))
    listener.subscribe('room.*', note('star'))
    listener.subscribe('*.a', note('first'))
    listener.subscribe('room.>', note('rest'))
    const stopped = listener.subscribe('room.a', note('stopped'))
    await stopped.stop()
    await listener.flush()
    for (const subject of ['room.a', 'room.b', 'room.a.b', 'room', 'typing.a'])
      sender.publish(subject, bytes('1'))
    sender.publish('room.a', bytes('2'))
    await waitUntil(() => seen.length >= 10, { message: 'ten deliveries' })
    const of = (name: string) => seen.filter((line) => line.startsWith(name))
    t.same(of('exact'), ['exact room.a 1', 'exact room.a 2'])
    t.same(of('star'), ['star room.a 1', 'star room.b 1', 'star room.a 2'])
    t.same(of('first'), ['first room.a 1', 'first typing.a 1', 'first room.a 2'])
    t.same(of('rest'), ['rest room.a 1', 'rest room.b 1', 'rest room.a.b 1', 'rest room.a 2'])
    t.same(of('stopped'), [])
  })

  await t.test('volatile: nothing is delivered before publish returns', async (t) => {
    const bus = await connect(t)
    let delivered = false
    bus.subscribe('typing.x', () => {
      delivered = true
    })
    await bus.flush()
    bus.publish('typing.x', bytes(''))
    t.notOk(delivered)
    await waitUntil(() => delivered, { message: 'delivery' })
  })

  await t.test('headers travel beside the payload, volatile and durable', async (t) => {
    const bus = await connect(t)
    const [message] = messages(1)
    if (!message) return
    const volatile: string[][] = []
    const durable: string[][] = []
    bus.subscribe('room.h', (_payload, _subject, header) => volatile.push([...header('Parley-Trace')]))
    await consume(t, bus, async (batch) => {
      for (const { subject, header } of batch)
        if (subject === message.subject) durable.push([...header('Parley-Trace')])
    })
    await bus.flush()
    const headers = { 'Parley-Trace': ['one', 'two'] }
    bus.publish('room.h', bytes('1'), headers)
    bus.publish('room.h', bytes('2'))
    await bus.publishDurable([
      { ...message, headers },
      { ...message, id: randomUUID() }
    ])
    await waitUntil(() => volatile.length + durable.length >= 4, { message: 'all four' })
    t.same(volatile, [['one', 'two'], []])
    t.same(durable, [['one', 'two'], []])
  })

  await t.test('durable: stored while nobody consumes, then shared by all who do', async (t) => {
    const [sender, one, two] = [await connect(t), await connect(t), await connect(t)]
    const sent = messages(3_000)
    t.same(await sender.publishDurable([]), [])
    t.same(
      await sender.publishDurable(sent),
      sent.map(() => undefined)
    )
    const got: string[][] = [[], []]
    const batches: number[] = []
    let again = 0
    for (const [at, bus] of [one, two].entries())
      await consume(t, bus, async (batch) => {
        batches.push(batch.length)
        for (const message of batch) {
          if (message.subject !== sent[0]?.subject) continue
          if (message.redelivered) again++
          got[at]?.push(textOf(message))
        }
        await new Promise((resolve) => setTimeout(resolve, 5))
      })
    await waitUntil(() => got.flat().length >= sent.length, { message: 'all messages' })
    t.same(
      got
        .flat()
        .map(Number)
        .toSorted((a, b) => a - b),
      sent.map((_, n) => n),
      'each once'
    )
    for (const [at, mine] of got.entries()) t.ok(mine.length > 0, `consumer ${at} has a part`)
    t.ok(Math.max(...batches) > 1, 'in batches')
    t.equal(again, 0)
  })

  await t.test('durable: a rejected batch comes again, one at a time', async (t) => {
    const bus = await connect(t)
    const sent = messages(5)
    const seen: ReceivedMessage[] = []
    let failures = 0
    let atOnce = 0
    await consume(t, bus, async (batch) => {
      t.equal(++atOnce, 1, 'no second batch before the first is done')
      await new Promise(setImmediate)
      atOnce--
      const mine = batch.filter(({ subject }) => subject === sent[0]?.subject)
      if (mine.length > 0 && failures++ === 0) throw new Error('the handler fails')
      seen.push(...mine)
    })
    await bus.publishDurable(sent)
    await waitUntil(() => seen.length >= 5, { message: 'all five' })
    t.same(seen.map(textOf).toSorted(), ['0', '1', '2', '3', '4'])
    t.ok(seen.some(({ redelivered }) => redelivered))
  })

  await t.test('durable: a handler that throws at once is no different', async (t) => {
    const bus = await connect(t)
    const [sent] = messages(1)
    let calls = 0
    await consume(t, bus, (batch) => {
      if (batch.some(({ subject }) => subject === sent?.subject) && ++calls === 1) throw new Error('at once')
      return Promise.resolve()
    })
    if (sent) await bus.publishDurable([sent])
    await waitUntil(() => calls === 2, { message: 'a second delivery' })
  })

  await t.test('durable: the same id is stored once', async (t) => {
    const bus = await connect(t)
    const [first] = messages(1)
    if (!first) return
    const before = await bus.inspectStream()
    t.same(await bus.publishDurable([first, first]), [undefined, undefined])
    t.same(await bus.publishDurable([first]), [undefined])
    const after = await bus.inspectStream()
    t.equal((after?.last_seq ?? 0) - (before?.last_seq ?? 0), 1)
    t.equal(after?.created, before?.created)
    t.match(after?.created, /^\d{4}-\d\d-\d\dT/)
    const seen: ReceivedMessage[] = []
    await consume(t, bus, async (batch) => void seen.push(...batch))
    const last = messages(1)
    await bus.publishDurable(last)
    await waitUntil(() => seen.some(({ subject }) => subject === last[0]?.subject), {
      message: 'the last one'
    })
    t.equal(seen.filter(({ subject }) => subject === first.subject).length, 1)
  })

  await t.test('durable: what cannot be stored fails alone', async (t) => {
    const bus = await connect(t)
    const [good] = messages(1)
    if (!good) return
    const results = await bus.publishDurable([{ ...good, subject: 'elsewhere.x' }, good])
    t.match(results, [/no stream/, undefined])
  })

  await t.test('stop finishes what is in hand; the rest goes to others', async (t) => {
    const [sender, one, two] = [await connect(t), await connect(t), await connect(t)]
    const sent = messages(20)
    const mine = ({ subject }: ReceivedMessage) => subject === sent[0]?.subject
    const started = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    const byOne: string[] = []
    const consumer = await one.consume('notifier', async (batch) => {
      if (!batch.some(mine)) return
      started.resolve()
      await gate.promise
      byOne.push(...batch.filter(mine).map(textOf))
    })
    await sender.publishDurable(sent.slice(0, 1))
    await started.promise
    await sender.publishDurable(sent.slice(1, 10))
    let stopped = false
    const stopping = consumer.stop().then(() => {
      stopped = true
    })
    await new Promise(setImmediate)
    t.notOk(stopped, 'waits for the batch')
    gate.resolve()
    await stopping
    const inHand = byOne.length
    t.ok(inHand >= 1)
    const byTwo: string[] = []
    await consume(t, two, async (batch) => void byTwo.push(...batch.filter(mine).map(textOf)))
    await sender.publishDurable(sent.slice(10))
    await waitUntil(() => byOne.length + byTwo.length >= sent.length, { message: 'all', timeout_ms: 3_000 })
    t.equal(byOne.length, inHand, 'nothing after it stopped')
    t.same([...byOne, ...byTwo].toSorted(), sent.map(textOf).toSorted(), 'each once')
  })
}
