import { Kysely, PostgresDialect } from 'kysely'
import type pg from 'pg'
import type { Database } from '../../src/database/database.ts'

interface PlanNode {
  'Node Type': string
  'Relation Name'?: string
  'Actual Loops': number
  Plans?: PlanNode[]
}

export interface Plan {
  text: string
  /** Milliseconds in Postgres, the planning left out. */
  execution_ms: number
  /** Tables that are read from one end to the other. */
  scanned: string[]
}

/** The statements that `work` asks the database, with the plans that Postgres carries them out by. */
export async function plansOf(
  pool: pg.Pool,
  work: (recorded: { db: Kysely<Database>; pool: pg.Pool }) => Promise<unknown>
): Promise<Plan[]> {
  const asked: { text: string; values: unknown[] }[] = []
  const recorder = recording(pool, asked)
  await work({
    db: new Kysely<Database>({ dialect: new PostgresDialect({ pool: recorder }) }),
    pool: recorder
  })
  const plans: Plan[] = []
  // Not what begins and ends a transaction.
  for (const { text, values } of asked)
    if (/^\s*(?:select|with)\b/i.test(text)) plans.push(await explain(pool, text, values))
  return plans
}

/** The pool, but it notes what it is asked. */
function recording(pool: pg.Pool, asked: { text: string; values: unknown[] }[]): pg.Pool {
  const note = (query: string | { text: string; values?: unknown[] }, values?: unknown[]) => {
    if (typeof query === 'string') asked.push({ text: query, values: values ?? [] })
    else asked.push({ text: query.text, values: query.values ?? [] })
  }
  const through = <T extends pg.Pool | pg.PoolClient>(target: T): T =>
    new Proxy(target, {
      get(of, name) {
        const value: unknown = Reflect.get(of, name)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          if (name === 'query') note(args[0] as string, args[1] as unknown[])
          const result: unknown = value.apply(of, args)
          return name === 'connect' ? (result as Promise<pg.PoolClient>).then(through) : result
        }
      }
    })
  return through(pool)
}

async function explain(pool: pg.Pool, text: string, values: unknown[]): Promise<Plan> {
  const { rows } = await pool.query(`explain (analyze, timing off, format json) ${text}`, values)
  const [{ Plan: root, 'Execution Time': execution_ms }] = rows[0]['QUERY PLAN']
  return { text, execution_ms, scanned: nodesOf(root).flatMap(scannedBy) }
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)]
}

function scannedBy({
  'Node Type': type,
  'Relation Name': relation,
  'Actual Loops': loops
}: PlanNode): string[] {
  return type === 'Seq Scan' && loops > 0 && relation !== undefined ? [relation] : []
}
