import type { EventKind, HookOutcome, OutwardEvent } from '@parley/contracts'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { backoff, LEASE_SECONDS } from '../outward/retry-times.ts'

/** About two hours of trying. */
const ATTEMPTS = 14

/** Notes events for every webhook; one that was noted and not yet told stays as it is. */
export async function queueHooks(db: Kysely<Database>, events: readonly OutwardEvent[]): Promise<void> {
  const column = <K extends keyof OutwardEvent>(name: K) => events.map((event) => event[name])
  await sql`
    insert into webhook_queue (webhook_id, conversation_id, seq, kind, subject_id, actor_id)
    select w.id, e.* from webhooks w cross join unnest(
      ${column('conversation_id')}::uuid[], ${column('seq')}::bigint[], ${column('kind')}::text[],
      ${column('subject_id')}::uuid[], ${column('actor_id')}::uuid[]
    ) as e
    on conflict do nothing`.execute(db)
}

export interface TakenHook {
  webhook_id: string
  conversation_id: string
  seq: number
  kind: EventKind
  subject_id: string
  actor_id: string
  attempts: number
  url: string
  secret: string
}

/** What is due, for as long as a lease. */
export async function takeHooks(db: Kysely<Database>, limit: number): Promise<TakenHook[]> {
  const { rows } = await sql<TakenHook>`
    with due as materialized (
      select webhook_id, conversation_id, seq from webhook_queue
      where dead_at is null and due_at <= now() order by due_at, seq limit ${limit} for update skip locked
    ), taken as (
      update webhook_queue q set attempts = q.attempts + 1, due_at = now() + make_interval(secs => ${LEASE_SECONDS})
      from due
      where q.webhook_id = due.webhook_id and q.conversation_id = due.conversation_id and q.seq = due.seq
      returning q.*
    )
    select t.webhook_id, t.conversation_id, t.seq, t.kind, t.subject_id, t.actor_id, t.attempts, w.url, w.secret
    from taken t join webhooks w on w.id = t.webhook_id order by t.conversation_id, t.seq`.execute(db)
  return rows
}

/** What was told is gone; what cannot be told is kept, dead. */
export async function settleHooks(db: Kysely<Database>, outcomes: readonly HookOutcome[]): Promise<void> {
  if (outcomes.length === 0) return
  const column = <K extends keyof HookOutcome>(name: K) => outcomes.map((outcome) => outcome[name])
  const waits = outcomes.map(({ retry_after_ms = 0 }) => retry_after_ms)
  const errors = outcomes.map(({ error = null }) => error)
  const settled = sql`unnest(${column('webhook_id')}::uuid[], ${column('conversation_id')}::uuid[],
    ${column('seq')}::bigint[], ${column('result')}::text[], ${waits}::float8[], ${errors}::text[])
    as o (webhook_id, conversation_id, seq, result, wait_ms, error)`
  const mine = sql`q.webhook_id = o.webhook_id and q.conversation_id = o.conversation_id and q.seq = o.seq`
  await sql`delete from webhook_queue q using ${settled} where ${mine} and o.result = 'sent'`.execute(db)
  await sql`update webhook_queue q set
      due_at = ${backoff}, error = o.error,
      dead_at = case when o.result in ('gone', 'never') or q.attempts >= ${ATTEMPTS} then now() end
    from ${settled} where ${mine} and o.result <> 'sent'`.execute(db)
}
