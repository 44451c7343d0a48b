import type { AddressInfo } from 'node:net'
import { buildApp as buildApi } from '@parley/conversation-api'
import { createMemoryEventBus } from '@parley/event-bus'
import { buildApp as buildNotifier } from '@parley/notifier'
import { buildApp as buildGateway } from '@parley/realtime-gateway'
import type { HistoryLog } from '@parley/testing'
import pg from 'pg'
import { pino } from 'pino'
import type { Addresses } from '../load/population.ts'
import type { Random } from '../random.ts'
import { disturb, losingAnswers } from './disturbances.ts'
import type { Mutant } from './mutant.ts'

export interface SmallParley {
  addresses: Addresses
  /** The broker forgets from now on. */
  forget(): void
  close(): Promise<void>
}

export interface SmallParleyOptions {
  databaseUrl: string
  /** Undefined for a correct one. */
  mutant: Mutant | undefined
  random: Random
  log: HistoryLog
}

interface App {
  listen(options: { port: number; host: string }): Promise<string>
  close(): Promise<void>
  server: { address(): AddressInfo | string | null }
}

/** Two apis, a notifier and two gateways in this process, on a memory bus that rings late and loses answers. */
export async function startSmallParley(options: SmallParleyOptions): Promise<SmallParley> {
  const { databaseUrl, mutant, random, log } = options
  const logger = pino({ level: 'silent' })
  const database = new pg.Pool({ connectionString: databaseUrl, max: 4 })
  const memory = createMemoryEventBus({ logger })
  const { bus, forget } = disturb(memory, random, log)
  const parts = { bus, database, random }
  const stopped = new AbortController()
  const writers = (await mutant?.writers?.(parts, stopped.signal)) ?? bus
  const config = {
    PORT: 0,
    DATABASE_URL: databaseUrl,
    INTERNAL_SECRET: 'a secret of this run',
    ALLOWED_ORIGINS: [],
    RATE_LIMITS: 'off' as const,
    tuning: { beat_ms: 250, drain_ms: 100 }
  }
  const apis = await Promise.all([1, 2].map(() => buildApi({ config, bus: writers, logger })))
  const notifier = await buildNotifier({ bus, logger })
  await notifier.ready()
  const gateways = await Promise.all(
    apis.map(({ api }) => {
      const changed = mutant?.gateway?.({ ...parts, api }) ?? {}
      return buildGateway({
        config,
        bus: changed.bus ?? bus,
        api: losingAnswers(changed.api ?? api, random),
        logger
      })
    })
  )
  const rest = await Promise.all(apis.map(({ app }) => listen(app)))
  const sockets = await Promise.all(gateways.map((app) => listen(app)))
  return {
    addresses: {
      rest: rest.map((port) => `http://127.0.0.1:${port}`),
      sockets: sockets.map((port) => `ws://127.0.0.1:${port}`)
    },
    forget,
    async close() {
      stopped.abort()
      await Promise.all(gateways.map((app) => app.close()))
      await notifier.close()
      await Promise.all(apis.map(({ app }) => app.close()))
      await memory.close()
      await database.end()
    }
  }
}

async function listen(app: App): Promise<number> {
  await app.listen({ port: 0, host: '127.0.0.1' })
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port')
  return address.port
}
