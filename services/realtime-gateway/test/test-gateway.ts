import type { AddressInfo } from 'node:net'
import { joinEvents, roomSubject } from '@parley/contracts'
import { createMemoryEventBus, type EventBus } from '@parley/event-bus'
import { openSocket, type TestContext, type TestSocket } from '@parley/testing'
import { pino } from 'pino'
import { type AppConfig, buildApp, type Tuning } from '../src/index.ts'
import { FakeConversationApi, type SignedIn } from './fake-conversation-api.ts'

export interface TestGateway {
  api: FakeConversationApi
  bus: EventBus
  url: string
  app: Awaited<ReturnType<typeof buildApp>>
  open(path: string, session: SignedIn, protocol?: string): Promise<TestSocket>
  /** `/ws/` in `parley.v1`, past its `welcome`. */
  openAll(session: SignedIn): Promise<TestSocket>
}

export interface TestGatewayOptions {
  tuning?: Partial<Tuning>
  config?: Partial<AppConfig>
  /** Share these with another gateway of the test. */
  api?: FakeConversationApi
  bus?: EventBus
}

/** A gateway on a free port, with a memory bus and an api whose every change rings the doorbell. */
export async function startGateway(
  t: TestContext,
  {
    tuning = {},
    config = {},
    api = new FakeConversationApi(),
    bus = createMemoryEventBus()
  }: TestGatewayOptions = {}
): Promise<TestGateway> {
  const logger = pino({ level: process.env.LOG_LEVEL ?? 'silent' })
  const app = await buildApp({
    config: {
      PORT: 0,
      RATE_LIMITS: 'on',
      ALLOWED_ORIGINS: ['http://app.test'],
      ...config,
      // Presence has tests of its own; elsewhere nobody waits for its frames.
      tuning: { drain_ms: 50, presence_ms: 60_000, ...tuning }
    },
    bus,
    api,
    logger
  })
  t.teardown(() => app.close())
  await app.listen({ port: 0, host: '127.0.0.1' })
  api.doorbell = (event) => bus.publish(roomSubject(event.conversation_id), joinEvents([event]))
  const { port } = app.server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const open = (path: string, session: SignedIn, protocol?: string) =>
    openSocket(`${url}${path}`, {
      headers: { authorization: `Bearer ${session.token}` },
      ...(protocol ? { protocol } : {})
    })
  return {
    api,
    bus,
    url,
    app,
    open,
    async openAll(session) {
      const socket = await open('/ws/', session, 'parley.v1')
      await socket.next(ofType('welcome'))
      return socket
    }
  }
}

export function ofType(type: string): (frame: { type?: string }) => boolean {
  return (frame) => frame.type === type
}
