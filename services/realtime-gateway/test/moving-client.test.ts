import { createMemoryEventBus } from '@parley/event-bus'
import { HistoryLog, type Received, RecordingClient, waitUntil } from '@parley/testing'
import t from 'tap'
import { FakeConversationApi } from './fake-conversation-api.ts'
import { startGateway } from './test-gateway.ts'

t.test('DRN-2 a client that is told to move is elsewhere before it leaves, and misses nothing', async (t) => {
  const api = new FakeConversationApi()
  const bus = createMemoryEventBus()
  const draining = await startGateway(t, { api, bus, tuning: { drain_ms: 2_000 } })
  const other = await startGateway(t, { api, bus })
  const ada = api.signIn('ada')
  const room = api.conversation(ada.user)
  const log = new HistoryLog()
  let base = draining.url
  const client = new RecordingClient({
    log,
    identity: { client: 'ada', user: ada.user.id, session: 'session', token: ada.token },
    following: { kind: 'rooms', rooms: [room.id] },
    base: () => base.replace('http', 'ws'),
    random: () => 0.1
  })
  t.teardown(() => client.stop())
  client.start()
  const messages = () =>
    log.records.filter((record) => record.type === 'received' && record.frame === 'message') as Received[]
  room.send(ada.user, 'before')
  await waitUntil(() => messages().length === 1, { message: 'the first message' })

  base = other.url
  const closed = draining.app.close()
  for (let n = 0; n < 30; n++) {
    room.send(ada.user, `while moving ${n}`)
    await new Promise(setImmediate)
  }
  await closed
  room.send(ada.user, 'after')
  await waitUntil(() => client.cursors.get(room.id) === room.head, { message: 'everything was applied' })

  const order = log.records.map(({ type }) => type).filter((type) => type === 'opened' || type === 'closed')
  t.strictSame(order, ['opened', 'opened', 'closed'], 'make before break')
  t.equal(new Set(messages().map(({ seq }) => seq)).size, 32, 'all of them came')
})
