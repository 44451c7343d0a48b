import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type NatsServer, startNatsServer } from '@parley/local-servers'
import { freePort, startChaosProxy, testNats, waitUntil } from '@parley/testing'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { stream } from '@parley/contracts'
import { connect } from 'nats'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { connectJetStream, type EventBus, type ReceivedMessage } from '../src/index.ts'
import { bytes, eventBusSuite, messages, textOf } from './event-bus-suite.ts'

const logger = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' })

async function connectTo(t: Test, url: string): Promise<EventBus> {
  const bus = await connectJetStream({ url, name: 'test', logger })
  t.teardown(() => bus.close())
  return bus
}

async function connected(t: Test, url: string): Promise<EventBus> {
  const bus = await connectTo(t, url)
  await turns(bus, 'connected')
  return bus
}

async function turns(bus: EventBus, state: EventBus['state'], timeout_ms = 5_000): Promise<number> {
  const start = performance.now()
  await waitUntil(() => bus.state === state, { message: state, timeout_ms })
  return performance.now() - start
}

/** Publishes until it is stored: what an outbox does. */
async function store(bus: EventBus, count: number): Promise<string> {
  const sent = messages(count)
  await waitUntil(async () => (await bus.publishDurable(sent)).every((result) => result === undefined), {
    message: 'stored',
    timeout_ms: 10_000
  })
  return sent[0]?.subject ?? ''
}

/** Collects what comes for a subject. */
async function collect(bus: EventBus): Promise<ReceivedMessage[]> {
  const seen: ReceivedMessage[] = []
  await bus.consume('notifier', async (batch) => void seen.push(...batch))
  return seen
}

async function deliverWithoutAcknowledgement(url: string, count: number): Promise<void> {
  const connection = await connect({ servers: url })
  const consumer = await jetstream(connection).consumers.get(stream.name, 'notifier')
  const messages = await consumer.fetch({ max_messages: count, expires: 5_000 })
  let received = 0
  for await (const _ of messages) if (++received === count) break
  await connection.close()
}

async function arrive(
  seen: readonly ReceivedMessage[],
  subject: string,
  count: number,
  timeout_ms = 10_000
): Promise<void> {
  const distinct = () => new Set(seen.filter((one) => one.subject === subject).map(textOf)).size
  await waitUntil(() => distinct() === count, { message: `${count} of ${subject}`, timeout_ms })
}

t.test('JetStream', async (t) => {
  const nats = await testNats(t)
  if (!nats) return

  await t.test('the event bus suite', (t) => eventBusSuite(t, (t) => connected(t, nats.url)))

  await t.test(
    'the stream is as the contract says, its consumer is there before the first publish',
    async (t) => {
      const bus = await connected(t, nats.url)
      await store(bus, 1)
      const connection = await connect({ servers: nats.url })
      t.teardown(() => connection.close())
      const manager = await jetstreamManager(connection)
      const { config } = await manager.streams.info(stream.name)
      t.match(config, {
        subjects: stream.subjects,
        retention: 'interest',
        storage: 'file',
        max_age: stream.max_age_ms * 1e6
      })
      const consumer = await manager.consumers.info(stream.name, 'notifier')
      t.match(consumer.config, { ack_policy: 'explicit', max_ack_pending: 20_000 })
      t.ok(consumer.num_pending > 0)
      const seen = await collect(bus)
      await waitUntil(async () => (await manager.streams.info(stream.name)).state.messages === 0, {
        message: 'what was acknowledged leaves the broker'
      })
      t.ok(seen.length > 0)

      await manager.streams.update(stream.name, { ...config, subjects: ['message.*.*'] })
      await bus.inspectStream()
      t.same(
        (await manager.streams.info(stream.name)).config.subjects,
        stream.subjects,
        'an older stream is updated'
      )
    }
  )

  await t.test('a stream deleted under a live connection comes back with its consumer', async (t) => {
    const bus = await connected(t, nats.url)
    const seen = await collect(bus)
    await arrive(seen, await store(bus, 10), 10)
    const connection = await connect({ servers: nats.url })
    t.teardown(() => connection.close())
    const manager = await jetstreamManager(connection)
    const before = await bus.inspectStream()
    await manager.streams.delete(stream.name)
    t.same(await bus.publishDurable(messages(2)), [undefined, undefined], 'the first publish makes it again')
    t.not((await bus.inspectStream())?.created, before?.created)
    await arrive(seen, await store(bus, 10), 10)
    await manager.consumers.delete(stream.name, 'notifier')
    await waitUntil(() => manager.consumers.info(stream.name, 'notifier'), { message: 'the consumer' })
    await arrive(seen, await store(bus, 10), 10)
  })

  await t.test('a broker that answers but does not store is degraded until it stores', async (t) => {
    const everyone = '{ publish: { deny: "message.*.*" } }'
    const config = `authorization { users: [{ user: test, password: test, permissions: ${everyone} }] }`
    const deaf = await startNatsServer({ config })
    t.teardown(() => deaf.stop())
    const bus = await connected(t, deaf.url.replace('//', '//test:test@'))
    await bus.flush()
    t.match(await bus.publishDurable(messages(1)), [/in time/])
    t.equal(bus.state, 'degraded')
    const start = performance.now()
    t.match(await bus.publishDurable(messages(1)), [/does not store/])
    t.ok(performance.now() - start < 100, 'nothing waits for it')
    await bus.flush()
    const stored = messages(1).map((message) => ({ ...message, subject: 'member.added.x' }))
    await waitUntil(async () => (await bus.publishDurable(stored))[0] === undefined, { message: 'stored' })
    t.equal(bus.state, 'connected')
  })

  await t.test(
    'over a new connection it stays degraded until it stores (chaos seed 71: a full disk)',
    async (t) => {
      const everyone = '{ publish: { deny: "message.*.*" } }'
      const config = `authorization { users: [{ user: test, password: test, permissions: ${everyone} }] }`
      const deaf = await startNatsServer({ config })
      const link = await startChaosProxy({ target: () => ({ port: deaf.port }) })
      t.teardown(() => Promise.all([deaf.stop(), link.close()]))
      const bus = await connected(t, `nats://test:test@${link.address}`)
      await bus.flush()
      t.match(await bus.publishDurable(messages(1)), [/in time/])
      link.reset()
      await waitUntil(() => bus.flush().then(() => true), { message: 'a new connection' })
      t.equal(bus.state, 'degraded')
      const stored = messages(1).map((message) => ({ ...message, subject: 'member.added.x' }))
      await waitUntil(async () => (await bus.publishDurable(stored))[0] === undefined, { message: 'stored' })
      t.equal(bus.state, 'connected')
    }
  )

  await t.test('users and passwords come from the URL', async (t) => {
    const config = `authorization { user: "par:ley", password: "s/cr@t", timeout: 2 }`
    const locked = await startNatsServer({ config })
    t.teardown(() => locked.stop())
    const address = `127.0.0.1:${locked.port}`
    const bus = await connected(
      t,
      `nats://${encodeURIComponent('par:ley')}:${encodeURIComponent('s/cr@t')}@${address}`
    )
    t.ok(await bus.inspectStream())
    const stranger = await connectTo(t, `nats://${address}`)
    const wrong = await connectTo(t, `nats://parley:wrong@${address}`)
    await bus.flush()
    t.same([stranger.state, wrong.state], ['degraded', 'degraded'])
    await t.rejects(connectJetStream({ url: 'not a url', name: 'test', logger }))
    await t.rejects(connectJetStream({ url: locked.url, name: 'a.b', logger }), TypeError)
  })
})

t.test('JetStream under fire', async (t) => {
  const storeDir = t.testdir()
  let nats = await testNats(t, { storeDir })
  if (!nats) return
  const { url, port } = nats
  t.teardown(() => nats?.stop())
  const restart = async (): Promise<NatsServer> => {
    nats = await startNatsServer({ storeDir, port })
    return nats
  }
  const [api, notifier, gateway] = [await connected(t, url), await connected(t, url), await connected(t, url)]
  let seen: ReceivedMessage[] = []
  const consumer = await notifier.consume('notifier', async (batch) => void seen.push(...batch))
  const rooms: string[] = []
  gateway.subscribe('room.*', (_, subject) => void rooms.push(subject))
  const roomsWork = () =>
    waitUntil(
      () => {
        notifier.publish('room.a', bytes(''))
        return rooms.splice(0).length > 0
      },
      { message: 'volatile messages', timeout_ms: 10_000 }
    )

  await t.test('killed and started again', async (t) => {
    await arrive(seen, await store(api, 10), 10)
    await nats?.kill()
    t.ok((await turns(api, 'degraded')) < 500)
    const start = performance.now()
    t.match(await api.publishDurable(messages(2)), [Error, Error])
    t.ok(performance.now() - start < 100, 'fails at once while the broker is away')
    t.equal(await api.inspectStream(), null)
    await t.rejects(api.flush())
    api.publish('room.a', bytes(''))
    t.equal(api.dropped, 1)
    await restart()
    await arrive(seen, await store(api, 10), 10)
    await roomsWork()
  })

  await t.test('started again without its store', async () => {
    const before = await api.inspectStream()
    await nats?.kill()
    await rm(join(storeDir, 'jetstream'), { recursive: true })
    await restart()
    await arrive(seen, await store(api, 10), 10)
    t.not((await api.inspectStream())?.created, before?.created)
    await roomsWork()
  })

  await t.test('started again with an older store', async (t) => {
    const [data, older] = [join(storeDir, 'jetstream'), t.testdir()]
    await nats?.stop()
    await cp(data, older, { recursive: true })
    await restart()
    await arrive(seen, await store(api, 200), 200)
    const before = await api.inspectStream()
    await nats?.stop()
    await rm(data, { recursive: true })
    await cp(older, data, { recursive: true })
    await restart()
    const after = await waitUntil(() => api.inspectStream(), { message: 'an answer' })
    t.ok(after.last_seq < (before?.last_seq ?? 0), 'the outbox can tell')
    t.equal(after.created, before?.created)
    await arrive(seen, await store(api, 10), 10)
    await roomsWork()
  })

  await t.test('started again with a stream that is older than its consumer', async (t) => {
    const [data, older] = [join(storeDir, 'jetstream', '$G', 'streams', stream.name), t.testdir()]
    await nats?.stop()
    await cp(join(data, 'msgs'), older, { recursive: true })
    await restart()
    await consumer.stop()
    await store(api, 200)
    await deliverWithoutAcknowledgement(url, 200)
    await nats?.stop()
    await rm(join(data, 'msgs'), { recursive: true })
    await cp(older, join(data, 'msgs'), { recursive: true })
    await restart()
    await turns(api, 'connected')
    seen = await collect(notifier)
    // In less than it takes until what was delivered before is delivered again.
    await arrive(seen, await store(api, 10), 10, 3_000)
  })

  await t.test('paused and resumed', async (t) => {
    await nats?.pause()
    const publishing = performance.now()
    const results = await api.publishDurable(messages(2))
    t.match(results, [Error, Error])
    t.ok(performance.now() - publishing < 2_500, 'a publish gives up after 2 s')
    for (const bus of [api, notifier, gateway]) await turns(bus, 'degraded')
    t.ok(performance.now() - publishing < 3_200, 'all know within 3 s')
    nats?.resume()
    const resumed = performance.now()
    await arrive(seen, await store(api, 10), 10)
    await roomsWork()
    t.ok(performance.now() - resumed < 5_000, 'and recover within 5 s')
  })
})

t.test('a broker that comes later', async (t) => {
  const port = await freePort()
  const bus = await connectTo(t, `nats://127.0.0.1:${port}`)
  t.equal(bus.state, 'degraded')
  const rooms: string[] = []
  bus.subscribe('room.a', (payload) => void rooms.push(textOf({ payload })))
  const seen = await collect(bus)
  await t.rejects(bus.flush(), { message: /away/ })
  const nats = await testNats(t, { port })
  if (!nats) return
  await turns(bus, 'connected')
  bus.publish('room.a', bytes('here'))
  await bus.flush()
  t.same(rooms, ['here'])
  await arrive(seen, await store(bus, 10), 10)
})

t.test('closing while the broker is away or gives no answer', async (t) => {
  const bus = await connectJetStream({ url: `nats://127.0.0.1:${await freePort()}`, name: 'test', logger })
  const seen = await collect(bus)
  await bus.close()
  t.same([bus.state, seen.length], ['degraded', 0])
})
