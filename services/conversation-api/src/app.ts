import type { ConversationApi, NotifierApi } from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import {
  allowedOrigins,
  busMetrics,
  crossOrigin,
  isSecure,
  createService,
  healthPlugin,
  metricsPlugin,
  type ServiceInstance,
  type Tracing
} from '@parley/service-kit'
import type { Logger } from 'pino'
import { accountRoutes } from './accounts/account-routes.ts'
import { signInRoutes } from './accounts/sign-in-routes.ts'
import { changeRoutes } from './changes/change-routes.ts'
import type { EventSink } from './changes/conversation-line.ts'
import { LineQueue } from './changes/line-queue.ts'
import { attachmentRoutes } from './attachments/attachment-routes.ts'
import { AttachmentSweeper } from './attachments/attachment-sweeper.ts'
import { openStorage } from './attachments/storage-config.ts'
import { chatAccountRoutes } from './compat/chat-account-routes.ts'
import { chatRoutes } from './compat/chat-routes.ts'
import type { AppConfig } from './config.ts'
import { conversationRoutes } from './conversations/conversation-routes.ts'
import { openDatabase } from './database/database.ts'
import { createNotifierApi } from './internal/notifier-api.ts'
import { createConversationApi } from './internal/conversation-api.ts'
import { internalRoutes } from './internal/internal-routes.ts'
import { memberRoutes } from './members/member-routes.ts'
import { messageRoutes } from './messages/message-routes.ts'
import { pinRoutes } from './messages/pin-routes.ts'
import { MessageWriter } from './messages/message-writer.ts'
import { blockRoutes } from './notifications/block-routes.ts'
import { inboxRoutes } from './notifications/inbox-routes.ts'
import { muteRoutes } from './notifications/mute-routes.ts'
import { MuteSweeper } from './notifications/mute-sweeper.ts'
import { markSignedIn } from './openapi/describe-operations.ts'
import { OutboxRelay } from './outbox/outbox-relay.ts'
import { OutboxSweeper } from './outbox/outbox-sweeper.ts'
import { accountsPlugin } from './plugins/accounts.ts'
import { authentication } from './plugins/authentication.ts'
import { type Backend, backendPlugin } from './plugins/backend.ts'
import { backendMetrics } from './plugins/backend-metrics.ts'
import { answerTrouble } from './plugins/database-trouble.ts'
import { idempotencyKey } from './plugins/idempotency-key.ts'
import { jsonOnly } from './plugins/json-only.ts'
import { openApi } from './plugins/open-api.ts'
import { originGuard } from './plugins/origin-guard.ts'
import { pathIds } from './plugins/path-ids.ts'
import { securityHeaders } from './plugins/security-headers.ts'
import { searchSettings } from './plugins/search-settings.ts'
import { sendLimit } from './plugins/send-limit.ts'
import { sessionCookie } from './plugins/session-cookie.ts'
import { seenRoutes } from './messages/seen-routes.ts'
import { memberPresenceRoutes, presenceRoutes } from './presence/presence-routes.ts'
import { PresenceSweeper } from './presence/presence-sweeper.ts'
import { SearchIndexer } from './search/search-indexer.ts'
import { searchRoutes } from './search/search-routes.ts'
import { DEFAULT_LANGUAGE } from './search/search-settings.ts'
import { threadRoutes } from './threads/thread-routes.ts'
import { pushRoutes } from './push/push-routes.ts'
import { privacyRoutes } from './presence/privacy-routes.ts'
import { adminRoutes } from './moderation/admin-routes.ts'
import { ErasureRunner } from './moderation/erase-user.ts'
import { moderationRoutes } from './moderation/moderation-routes.ts'
import { userRoutes } from './users/user-routes.ts'

export interface BuiltApp {
  /** The REST API. Closing it closes everything below, but not the bus. */
  app: ServiceInstance
  /** What gateways in other processes call, on a port of its own. */
  internal: ServiceInstance
  /** The same for a gateway in this process. */
  api: ConversationApi
  /** And for a notifier. */
  notifier: NotifierApi
}

/** The whole service, not yet listening; nothing is connected before `ready()`. */
export async function buildApp(options: {
  config: AppConfig
  bus: EventBus
  logger: Logger
  tracing?: Tracing | undefined
}): Promise<BuiltApp> {
  const { config, bus, logger, tracing } = options
  const { db, pool, close } = openDatabase(config.DATABASE_URL)
  const relay = new OutboxRelay(bus, db, logger, tracing)
  const sweeper = new OutboxSweeper(db, bus, relay, logger)
  const presence = new PresenceSweeper(db, logger)
  const indexer = new SearchIndexer(db, config.SEARCH_LANGUAGE ?? DEFAULT_LANGUAGE, logger)
  const files = openStorage(config)
  const eraser = new AttachmentSweeper(db, files, logger)
  const committed: EventSink = {
    push(events, traces) {
      relay.push(events, traces)
      indexer.push(events)
      eraser.push(events)
    }
  }
  const writer = new MessageWriter(pool, committed, tracing)
  const mutes = new MuteSweeper(db, bus, logger)
  const line = { db, relay: committed, lines: new LineQueue() }
  const erasures = new ErasureRunner(line, logger)
  const backend = { ...line, pool, bus, writer, files, erasures }
  const api = createConversationApi({ ...backend, logger, tracing })
  const app = await publicApp({ config, backend, logger, tracing })
  const internal = createService({ name: 'conversation-api-internal', logger })
  const notifier = createNotifierApi(backend)
  await internal.register(internalRoutes, { api, notifier, writer, secret: config.INTERNAL_SECRET })
  app.addHook('onReady', async () => {
    sweeper.start()
    presence.start()
    indexer.start()
    eraser.start()
    mutes.start()
    backend.erasures.start()
  })
  app.addHook('onClose', async () => {
    await internal.close()
    await backend.erasures.close()
    await sweeper.close()
    await presence.close()
    await mutes.close()
    await writer.close()
    await indexer.close()
    await eraser.close()
    await relay.close()
    await close()
  })
  return { app, internal, api, notifier }
}

/** The REST API over a backend that someone else opened. */
export async function publicApp(options: {
  config: AppConfig
  backend: Backend
  logger: Logger | false
  tracing?: Tracing | undefined
}): Promise<ServiceInstance> {
  const { config, backend, logger, tracing } = options
  const { bus, pool } = backend
  const secure = isSecure(config)
  const rateLimits = config.RATE_LIMITS === 'on'
  const app = createService({
    name: 'conversation-api',
    logger,
    ...(config.TRUST_PROXY ? { trustProxy: config.TRUST_PROXY } : {})
  })

  if (tracing) await app.register(tracing.requests)
  await app.register(healthPlugin, {
    checks: {
      database: { required: true, check: async () => pool.query('select 1').then(() => 'ok') },
      bus: { required: false, check: () => (bus.state === 'connected' ? 'ok' : 'degraded') }
    }
  })
  await app.register(metricsPlugin)
  await app.register(securityHeaders, { secure })
  await app.register(crossOrigin, { allowed: allowedOrigins(config) })
  await app.register(openApi)

  await app.register(backendPlugin, { backend })
  await app.register(backendMetrics)
  await app.register(busMetrics, { bus: backend.bus })
  await app.register(jsonOnly)
  await app.register(sessionCookie, { secure })
  await app.register(originGuard, { allowed: allowedOrigins(config) })
  await app.register(authentication)
  await app.register(idempotencyKey)
  await app.register(pathIds)
  await app.register(searchSettings, { language: config.SEARCH_LANGUAGE ?? DEFAULT_LANGUAGE })
  await app.register(sendLimit, { enabled: rateLimits })
  await app.register(accountsPlugin, { rateLimits })

  await app.register(forEveryone)
  await app.register(forSignedIn, { publicKey: config.VAPID_PUBLIC_KEY })
  return app
}

async function forEveryone(app: ServiceInstance): Promise<void> {
  app.setErrorHandler(answerTrouble)
  await app.register(signInRoutes, { prefix: '/messaging/api' })
  await app.register(chatAccountRoutes, { prefix: '/api' })
}

async function forSignedIn(
  app: ServiceInstance,
  { publicKey }: { publicKey: string | undefined }
): Promise<void> {
  app.setErrorHandler(answerTrouble)
  app.addHook('onRequest', app.requireSession)
  app.addHook('onRoute', markSignedIn)
  await app.register(accountRoutes, { prefix: '/messaging/api' })
  await app.register(userRoutes, { prefix: '/messaging/api' })
  await app.register(presenceRoutes, { prefix: '/messaging/api' })
  await app.register(privacyRoutes, { prefix: '/messaging/api' })
  await app.register(conversationRoutes, { prefix: '/messaging/api' })
  await app.register(inboxRoutes, { prefix: '/messaging/api' })
  await app.register(searchRoutes, { prefix: '/messaging/api' })
  await app.register(adminRoutes, { prefix: '/messaging/api/admin' })
  await app.register(attachmentRoutes, { prefix: '/messaging/api' })
  await app.register(blockRoutes, { prefix: '/messaging/api' })
  await app.register(pushRoutes, { prefix: '/messaging/api', publicKey })
  await app.register(inConversation, { prefix: '/messaging/api/conversations/:conversation_id' })
  await app.register(chatRoutes, { prefix: '/api' })
}

async function inConversation(app: ServiceInstance): Promise<void> {
  await app.register(memberRoutes)
  await app.register(moderationRoutes)
  await app.register(messageRoutes)
  await app.register(pinRoutes)
  await app.register(threadRoutes)
  await app.register(changeRoutes)
  await app.register(memberPresenceRoutes)
  await app.register(seenRoutes)
  await app.register(muteRoutes)
}
