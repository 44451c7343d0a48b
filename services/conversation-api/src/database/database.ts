import { type Kysely, Kysely as KyselyDatabase, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Database } from './tables.ts'

export type { Database } from './tables.ts'

export interface OpenDatabase {
  db: Kysely<Database>
  /** For the few hot statements that are written by hand and prepared by name. */
  pool: pg.Pool
  close(): Promise<void>
}

const BIGINT = 20

/** Opens a pool of at most `connections`. Nothing is connected until the first query. */
export function openDatabase(url: string, connections = 10): OpenDatabase {
  const types = new pg.TypeOverrides()
  types.setTypeParser(BIGINT, Number)
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    types,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // A statement or a forgotten transaction must not hold a conversation's lock for ever.
    options: '-c statement_timeout=15000 -c idle_in_transaction_session_timeout=15000 -c lock_timeout=10000'
  })
  // A connection that breaks is replaced at the next query; without a listener it would end the process. The pool listens only to those
  // that are idle: who holds one is told by its next statement.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new KyselyDatabase<Database>({ dialect: new PostgresDialect({ pool }) })
  return { db, pool, close: () => db.destroy() }
}
