import type { EventKind } from '@parley/contracts'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '../database/database.ts'
import type { Stretch } from './stretches.ts'

/** One change that the outbox has noted: what happened, not what was said. */
export interface OutboxRow {
  conversation_id: string
  seq: number
  kind: EventKind
  subject_id: string
  actor_id: string
}

/** Notes changes for the broker, in the transaction that makes them. */
export async function insertOutbox(
  tx: Transaction<Database>,
  conversation_id: string,
  at: Date,
  changes: readonly { seq: number; kind: EventKind }[]
): Promise<void> {
  const slot = sql<number>`outbox_slot(${at}::timestamptz)`
  await tx
    .insertInto('outbox')
    .values(changes.map(({ seq, kind }) => ({ slot, conversation_id, seq, kind, at })))
    .execute()
}

/** The broker has stored every change of these stretches. A row that stands for more than was stored is not marked. */
export async function markPublished(db: Kysely<Database>, stretches: readonly Stretch[]): Promise<void> {
  await sql`
    update outbox set published = true
    from unnest(
      ${stretches.map((one) => one.conversation_id)}::uuid[], ${stretches.map((one) => one.first)}::bigint[],
      ${stretches.map((one) => one.last)}::bigint[]
    ) as done (conversation_id, first, last)
    where outbox.conversation_id = done.conversation_id and outbox.seq between done.first and done.last
      and outbox.seq + outbox.run - 1 <= done.last and not published
  `.execute(db)
}

/**
 * Changes that are older than `age_ms` and not with the broker yet, each conversation's in order: those of as many rows as
 * hold at most `limit` of them, but of one at least.
 */
export async function leftovers(db: Kysely<Database>, age_ms: number, limit: number): Promise<OutboxRow[]> {
  const { rows } = await sql<OutboxRow>`
    select o.conversation_id, line.seq, o.kind,
      coalesce(c.subject_id, m.id) as subject_id, coalesce(c.actor_id, m.sender_id) as actor_id
    from (
      select due.*, sum(run) over (order by conversation_id, seq) - run as before
      from (
        select conversation_id, seq, run, kind from outbox
        where not published and at < now() - make_interval(secs => ${age_ms / 1000}::float8)
        order by conversation_id, seq limit ${limit}
      ) due
    ) o
    cross join lateral generate_series(o.seq, o.seq + o.run - 1) as line (seq)
    left join changes c on c.conversation_id = o.conversation_id and c.seq = line.seq
    left join messages m on m.conversation_id = o.conversation_id and m.seq = line.seq
    where o.before < ${limit}
    order by o.conversation_id, line.seq
  `.execute(db)
  return rows
}

/** How many changes wait for the broker, counted to at least 100,000 where there are more. */
export async function countUnpublished(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select coalesce(sum(run), 0) as n from (select run from outbox where not published limit 100000) waiting
  `.execute(db)
  return rows[0]?.n ?? 0
}

/**
 * Compares the broker's stream with what it was. Where it is new or was rolled back, the last hour waits to be published
 * again, under fresh message ids. Returns the epoch that belongs into those ids, and whether the broker had lost events.
 */
export async function noteBroker(
  tx: Transaction<Database>,
  seen: { created: string; last_seq: number }
): Promise<{ epoch: number; lost: boolean }> {
  const known = await tx.selectFrom('broker_state').selectAll().forUpdate().executeTakeFirst()
  if (!known) {
    await tx
      .insertInto('broker_state')
      .values({ stream_created: seen.created, last_seq: seen.last_seq })
      .execute()
    return { epoch: 0, lost: false }
  }
  const lost = known.stream_created !== seen.created || seen.last_seq < known.last_seq
  if (!lost && seen.last_seq === known.last_seq) return { epoch: known.epoch, lost }
  const epoch = known.epoch + (lost ? 1 : 0)
  await tx
    .updateTable('broker_state')
    .set({ stream_created: seen.created, last_seq: seen.last_seq, epoch })
    .execute()
  if (lost) {
    await sql`update outbox set published = false where published and at > now() - interval '1 hour'`.execute(
      tx
    )
  }
  return { epoch, lost }
}

/** The epoch of {@link noteBroker}, for instances that do not sweep. */
export async function currentEpoch(db: Kysely<Database>): Promise<number> {
  const row = await db.selectFrom('broker_state').select('epoch').executeTakeFirst()
  return row?.epoch ?? 0
}

/** Empties the slot that comes next, which holds rows of an hour and more ago. */
export async function truncateSlotAhead(db: Kysely<Database>): Promise<void> {
  const { rows } = await sql<{ slot: number; full: boolean }>`
    select ahead.slot, exists (select 1 from outbox where outbox.slot = ahead.slot) as full
    from (select (outbox_slot(now()) + 1) % 4 as slot) ahead
  `.execute(db)
  const [ahead] = rows
  if (ahead?.full) await sql`truncate ${sql.table(`outbox_${ahead.slot}`)}`.execute(db)
}
