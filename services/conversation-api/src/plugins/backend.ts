import type { EventBus } from '@parley/event-bus'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Kysely } from 'kysely'
import type pg from 'pg'
import type { FileStorage } from '../attachments/file-storage.ts'
import type { EventSink } from '../changes/conversation-line.ts'
import type { LineQueue } from '../changes/line-queue.ts'
import type { Database } from '../database/database.ts'
import type { ErasureRunner } from '../moderation/erase-user.ts'
import type { MessageWriter } from '../messages/message-writer.ts'

/** What handlers reach the world through. Opened and closed by whoever builds the app. */
export interface Backend {
  db: Kysely<Database>
  /** For the hot statements that are prepared by name. */
  pool: pg.Pool
  bus: EventBus
  relay: EventSink
  lines: LineQueue
  writer: MessageWriter
  /** Carries out the erasure of users. */
  erasures: Pick<ErasureRunner, 'wake'>
  /** Where uploaded files are kept, and the folder in which they are gathered. */
  files: { storage: FileStorage; incoming: string }
}

declare module 'fastify' {
  interface FastifyInstance extends Readonly<Backend> {}
}

/**
 * Decorates the app with each part, so that the app itself is the context that store functions ask for. Example:
 * `editMessage(app, edit)`
 */
export const backendPlugin = fp<{ backend: Backend }>(
  (app: FastifyInstance, { backend }, done) => {
    const { db, pool, bus, relay, lines, writer, files, erasures } = backend
    app.decorate('db', db)
    app.decorate('pool', pool)
    app.decorate('bus', bus)
    app.decorate('relay', relay)
    app.decorate('lines', lines)
    app.decorate('writer', writer)
    app.decorate('files', files)
    app.decorate('erasures', erasures)
    done()
  },
  { name: 'backend' }
)
