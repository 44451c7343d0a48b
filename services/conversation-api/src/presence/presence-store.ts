import { limits, type Presence, type PresenceChange, type PresenceStatus } from '@parley/contracts'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '../database/database.ts'

/** Any number that is only ever locked for this. */
const PRESENCE_LOCK = 7_290_412
/** Of one person's conversations, so many are told of them at most. */
const ROOMS_TOLD = 1_000

/**
 * Everything that may change what others see is written under one lock: two gateways that lose the same user at the same moment
 * must see each other's leases, and numbers must commit in their order.
 */
export async function lockPresence(tx: Transaction<Database>): Promise<void> {
  await sql`select pg_advisory_xact_lock(${PRESENCE_LOCK})`.execute(tx)
}

/** False where the lease has run out. An older report than the last renews nothing. */
export async function renewLease(
  db: Kysely<Database>,
  gateway_id: string,
  { report, ttl_ms }: { report: number; ttl_ms: number }
): Promise<'renewed' | 'late' | 'unknown'> {
  const { rows } = await sql<{ renewed: boolean }>`
    update presence_gateways set
      report = greatest(report, ${report}),
      expires_at = case when report < ${report} then ${inMs(ttl_ms)} else expires_at end
    where id = ${gateway_id} returning report = ${report} as renewed`.execute(db)
  return rows[0] ? (rows[0].renewed ? 'renewed' : 'late') : 'unknown'
}

export async function beginLease(
  tx: Transaction<Database>,
  gateway_id: string,
  { report, ttl_ms }: { report: number; ttl_ms: number }
): Promise<void> {
  await sql`insert into presence_gateways (id, report, expires_at)
    values (${gateway_id}, ${report}, ${inMs(ttl_ms)})`.execute(tx)
}

/** Who had a lease of this gateway. */
export async function leasedUsers(tx: Transaction<Database>, gateway_id: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('presence_leases')
    .select('user_id')
    .where('gateway_id', '=', gateway_id)
    .execute()
  return rows.map(({ user_id }) => user_id)
}

export async function writeLeases(
  tx: Transaction<Database>,
  gateway_id: string,
  users: Readonly<Record<string, PresenceStatus>>
): Promise<void> {
  const gone = Object.keys(users).filter((id) => users[id] === 'offline')
  const here = Object.keys(users).filter((id) => users[id] !== 'offline')
  if (gone.length > 0)
    await sql`delete from presence_leases
      where gateway_id = ${gateway_id} and user_id = any (${gone}::uuid[])`.execute(tx)
  if (here.length === 0) return
  const statuses = here.map((id) => users[id])
  await sql`
    insert into presence_leases (user_id, gateway_id, status)
    select u.id, ${gateway_id}, told.status from unnest(${here}::uuid[], ${statuses}::text[]) as told (id, status)
    join users u on u.id = told.id
    on conflict (user_id, gateway_id) do update set status = excluded.status`.execute(tx)
}

/** Ends the leases that ran out; returns whose they were. */
export async function endExpiredLeases(tx: Transaction<Database>): Promise<string[]> {
  const { rows } = await sql<{ user_id: string }>`
    with expired as materialized (select id from presence_gateways where expires_at < now() for update)
    delete from presence_leases l using expired where l.gateway_id = expired.id returning l.user_id`.execute(
    tx
  )
  await sql`delete from presence_gateways where expires_at < now()`.execute(tx)
  return [...new Set(rows.map(({ user_id }) => user_id))]
}

export async function hasExpiredLeases(db: Kysely<Database>): Promise<boolean> {
  const { rows } = await sql`select 1 from presence_gateways where expires_at < now() limit 1`.execute(db)
  return rows.length > 0
}

/**
 * Brings these users' combined status up to date with their leases. Whoever hides gets no new number: others must not notice that
 * anything happened. `seen_ms_ago` is how long before now the leases ended that are gone.
 */
export async function combineLeases(
  tx: Transaction<Database>,
  user_ids: readonly string[],
  seen_ms_ago = 0
): Promise<void> {
  // By their names 'online' comes after 'away'.
  await sql`
    with best as materialized (
      select told.id as user_id, coalesce(max(l.status), 'offline') as status
      from unnest(${user_ids}::uuid[]) as told (id)
      left join presence_leases l on l.user_id = told.id group by told.id
    )
    insert into presence as p (user_id, status, changed)
    select user_id, status, nextval('presence_changes') from best
    where status <> 'offline' or exists (select 1 from presence known where known.user_id = best.user_id)
    on conflict (user_id) do update set
      status = excluded.status,
      changed = case when p.hidden then p.changed else excluded.changed end,
      seen_at = case when excluded.status = 'offline' then ${inMs(-seen_ms_ago)} else p.seen_at end
    where p.status <> excluded.status`.execute(tx)
}

/** Where the numbers are. */
export async function presenceHead(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{
    head: number
  }>`select coalesce(max(changed), 0) as head from presence`.execute(db)
  return rows[0]?.head ?? 0
}

/** Changes after `since`, the oldest first, each with the conversations that are small enough to be told. */
export async function presenceChanges(
  db: Kysely<Database>,
  since: number,
  limit: number
): Promise<{ head: number; changes: PresenceChange[] }> {
  const { rows } = await sql<PresenceRow & { changed: number; rooms: string[] }>`
    select p.user_id, p.status, p.hidden, p.seen_at, p.changed, array(
      select c.id from members m join conversations c on c.id = m.conversation_id
      where m.user_id = p.user_id and m.removed_at is null and c.deleted_at is null
        and c.member_count <= ${limits.presence_members}
      limit ${ROOMS_TOLD}
    ) as rooms
    from presence p where p.changed > ${since} order by p.changed limit ${limit}`.execute(db)
  const changes = rows.map(({ rooms, ...row }) => ({ ...shown(row), rooms }))
  return { head: rows.at(-1)?.changed ?? since, changes }
}

export interface PresenceRow {
  user_id: string
  status: PresenceStatus
  hidden: boolean
  seen_at: Date | null
}

/** What others see. */
export function shown({ user_id, status, hidden, seen_at }: PresenceRow): Presence {
  if (hidden) return { user_id, status: 'offline' }
  const was_here = status === 'offline' && seen_at !== null
  return { user_id, status, ...(was_here ? { last_seen_at: seen_at.toISOString() } : {}) }
}

function inMs(ms: number) {
  return sql`now() + make_interval(secs => ${ms / 1_000}::double precision)`
}
