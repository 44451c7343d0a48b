import { createMemoryEventBus } from '@parley/event-bus'
import { publicApp } from '../app.ts'
import { openStorage } from '../attachments/storage-config.ts'
import type { AppConfig } from '../config.ts'
import { openDatabase } from '../database/database.ts'
import { LineQueue } from '../changes/line-queue.ts'
import { MessageWriter } from '../messages/message-writer.ts'

/**
 * The REST API as an OpenAPI 3.1 document, from its routes. Nothing is connected: the database is opened at the first query.
 */
export async function openApiDocument(): Promise<object> {
  const bus = createMemoryEventBus()
  const { db, pool, close } = openDatabase('postgres://nobody@127.0.0.1:1/none')
  const relay = { push: () => undefined }
  const config: AppConfig = { PORT: 0, DATABASE_URL: '', INTERNAL_SECRET: '', RATE_LIMITS: 'off' }
  const writer = new MessageWriter(pool, relay)
  const app = await publicApp({
    config,
    backend: {
      db,
      pool,
      bus,
      relay,
      lines: new LineQueue(),
      writer,
      files: openStorage(config),
      erasures: { wake: () => undefined }
    },
    logger: false
  })
  try {
    await app.ready()
    return app.swagger()
  } finally {
    await app.close()
    await close()
    await bus.close()
  }
}
