import { join } from 'node:path'
import { startPostgres } from '@parley/local-servers'
import { StartError } from '@parley/service-kit'
import type { Logger } from 'pino'
import type { Config } from './config.ts'

export interface OpenDatabase {
  DATABASE_URL: string
  close(): Promise<void>
}

/** The configured PostgreSQL, or an embedded one with its data under `DATA_DIR/postgres`. */
export async function openDatabase(config: Config, logger: Logger): Promise<OpenDatabase> {
  if (config.DATABASE_URL) return { DATABASE_URL: config.DATABASE_URL, close: async () => {} }
  const postgres = await startEmbedded(config.DATA_DIR, logger)
  let closing = false
  void postgres.exited.then((exit) => {
    // Nothing works without it: the rejection ends the process, and the next start recovers.
    if (!closing) throw new Error(`the embedded PostgreSQL ended: ${JSON.stringify(exit)}`)
  })
  return {
    DATABASE_URL: postgres.url,
    close: async () => {
      closing = true
      await postgres.stop()
    }
  }
}

async function startEmbedded(dataDir: string, logger: Logger) {
  try {
    return await startPostgres({
      dataDir: join(dataDir, 'postgres'),
      log: (line) => logger.debug({ line }, 'postgres')
    })
  } catch (error) {
    throw new StartError(`DATA_DIR: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error
    })
  }
}
