import { randomBytes, randomUUIDv7 } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../database/database.ts'

export interface Webhook {
  id: string
  url: string
  created_at: Date
  waiting: number
  dead: number
}

/** Every change from now on is told to this address. The secret is what deliveries are signed with. */
export async function addWebhook(db: Kysely<Database>, url: string): Promise<{ id: string; secret: string }> {
  const webhook = { id: randomUUIDv7(), url, secret: `whsec_${randomBytes(32).toString('base64url')}` }
  await db.insertInto('webhooks').values(webhook).execute()
  return webhook
}

export async function listWebhooks(db: Kysely<Database>): Promise<Webhook[]> {
  const { rows } = await sql<Webhook>`
    select w.id, w.url, w.created_at,
      (select count(*) from webhook_queue q where q.webhook_id = w.id and q.dead_at is null) as waiting,
      (select count(*) from webhook_queue q where q.webhook_id = w.id and q.dead_at is not null) as dead
    from webhooks w order by w.created_at`.execute(db)
  return rows
}

/** With all it had yet to be told. False where there is none. */
export async function removeWebhook(db: Kysely<Database>, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('webhooks').where('id', '=', id).executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** Tells a conversation's changes after `since` once more. Returns how many. */
export async function replayLine(
  db: Kysely<Database>,
  { webhook_id, conversation_id, since }: { webhook_id: string; conversation_id: string; since: number }
): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into webhook_queue as q (webhook_id, conversation_id, seq, kind, subject_id, actor_id)
    select w.id, line.conversation_id, line.seq, line.kind, line.subject_id, line.actor_id
    from webhooks w cross join (
      select conversation_id, seq, 'message.created' as kind, id as subject_id, sender_id as actor_id from messages
      where conversation_id = ${conversation_id} and seq > ${since}
      union all
      select conversation_id, seq, kind, subject_id, actor_id from changes
      where conversation_id = ${conversation_id} and seq > ${since}
    ) line
    where w.id = ${webhook_id}
    on conflict (webhook_id, conversation_id, seq) do update set attempts = 0, due_at = now(), dead_at = null
  `.execute(db)
  return Number(numAffectedRows ?? 0n)
}

export interface DeadLetter {
  conversation_id: string
  seq: number
  kind: string
  attempts: number
  dead_at: Date | null
  error: string | null
}

/** What was given up, the latest first; at most a hundred. */
export function listDead(db: Kysely<Database>, webhook_id: string): Promise<DeadLetter[]> {
  return db
    .selectFrom('webhook_queue')
    .select(['conversation_id', 'seq', 'kind', 'attempts', 'dead_at', 'error'])
    .where('webhook_id', '=', webhook_id)
    .where('dead_at', 'is not', null)
    .orderBy('dead_at', 'desc')
    .limit(100)
    .execute()
}

/** Tries again what was given up. Returns how many. */
export async function retryDead(db: Kysely<Database>, webhook_id: string): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('webhook_queue')
    .set({ attempts: 0, due_at: sql<Date>`now()`, dead_at: null })
    .where('webhook_id', '=', webhook_id)
    .where('dead_at', 'is not', null)
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}
