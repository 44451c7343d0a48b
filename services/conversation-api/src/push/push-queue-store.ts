import type { Push, PushOutcome, PushPayload } from '@parley/contracts'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { backoff, LEASE_SECONDS } from '../outward/retry-times.ts'

/** After so many tries nobody wants to know any more. */
const ATTEMPTS = 8
/** How long it is remembered who was told of a message. */
const REMEMBERED = '3 days'
const FORGOTTEN_AT_ONCE = 500

/**
 * New messages, for the browsers of members who are not connected, have not read that far and want to be told. A message that was
 * deleted meanwhile is told to nobody.
 */
export async function queueMessages(db: Kysely<Database>, message_ids: readonly string[]): Promise<void> {
  if (message_ids.length === 0) return
  await sql`
    insert into push_queue (subscription_id, message_id, conversation_id, seq, kind)
    select s.id, x.id, x.conversation_id, x.seq, case when n.user_id is null then 'message' else 'mention' end
    from messages x
    join conversations c on c.id = x.conversation_id and c.deleted_at is null
    join members m on m.conversation_id = x.conversation_id and m.removed_at is null
      and m.user_id <> x.sender_id and m.joined_seq < x.seq and m.read_seq < x.seq
    join push_subscriptions s on s.user_id = m.user_id
    left join presence p on p.user_id = m.user_id
    left join mentions n on n.message_id = x.id and n.user_id = m.user_id
    left join mutes mute on mute.user_id = m.user_id and mute.conversation_id = x.conversation_id
      and (mute.until is null or mute.until > now())
    where x.id = any (${message_ids}::uuid[]) and x.deleted_at is null
      and coalesce(p.status, 'offline') = 'offline' and (mute.keep is null or (mute.keep = 'mentions' and n.user_id is not null))
      and not exists (select 1 from blocks b where b.user_id = m.user_id and b.blocked_id = x.sender_id)
    on conflict do nothing`.execute(db)
}

/** Deleted messages: who was told is told to forget it, who was yet to be told is not. */
export async function queueWithdrawals(db: Kysely<Database>, message_ids: readonly string[]): Promise<void> {
  if (message_ids.length === 0) return
  await sql`
    delete from push_queue where message_id = any (${message_ids}::uuid[])
      and kind <> 'withdrawn' and attempts = 0`.execute(db)
  await sql`
    update push_queue set kind = 'withdrawn', attempts = 0, due_at = now(), sent_at = null
    where message_id = any (${message_ids}::uuid[]) and kind <> 'withdrawn'`.execute(db)
}

interface TakenRow {
  subscription_id: string
  message_id: string
  conversation_id: string
  seq: number
  kind: PushPayload['kind']
  endpoint: string
  p256dh: string
  auth: string
  sender: string | null
  wanted: boolean
}

/** What is due, for as long as a lease; without what nobody wants any more: read, deleted, left or signed out meanwhile. */
export async function takePushes(db: Kysely<Database>, limit: number): Promise<Push[]> {
  const { rows } = await sql<TakenRow>`
    with due as materialized (
      select message_id, subscription_id from push_queue
      where sent_at is null and due_at <= now() order by due_at limit ${limit} for update skip locked
    ), taken as (
      update push_queue q set attempts = q.attempts + 1, due_at = now() + make_interval(secs => ${LEASE_SECONDS})
      from due where q.message_id = due.message_id and q.subscription_id = due.subscription_id
      returning q.*
    )
    select t.subscription_id, t.message_id, t.conversation_id, t.seq, t.kind, s.endpoint, s.p256dh, s.auth,
      u.display_name as sender,
      session.ended_at is null and session.expires_at > now() and (
        t.kind = 'withdrawn' or (x.deleted_at is null and m.removed_at is null and m.read_seq < t.seq)
      ) as wanted
    from taken t
    join push_subscriptions s on s.id = t.subscription_id
    join sessions session on session.id = s.session_id
    left join messages x on x.id = t.message_id
    left join users u on u.id = x.sender_id
    left join members m on m.conversation_id = t.conversation_id and m.user_id = s.user_id`.execute(db)
  const unwanted = rows.filter(({ wanted }) => !wanted)
  await settlePushes(
    db,
    unwanted.map((row) => ({ ...row, result: 'never' }))
  )
  await forgetOld(db)
  return rows.filter(({ wanted }) => wanted).map(toPush)
}

function toPush({ subscription_id, endpoint, p256dh, auth, sender, ...row }: TakenRow): Push {
  const { kind, conversation_id, message_id, seq } = row
  const named = kind === 'withdrawn' || sender === null ? {} : { sender }
  const payload = { kind, tag: message_id, conversation_id, message_id, seq, ...named }
  return { subscription_id, endpoint, p256dh, auth, payload }
}

/** A row that became a withdrawal while its message was being sent is left alone. */
export async function settlePushes(db: Kysely<Database>, outcomes: readonly PushOutcome[]): Promise<void> {
  if (outcomes.length === 0) return
  const column = <K extends keyof PushOutcome>(name: K) => outcomes.map((outcome) => outcome[name])
  const waits = outcomes.map(({ retry_after_ms = 0 }) => retry_after_ms)
  const settled = sql`unnest(${column('subscription_id')}::uuid[], ${column('message_id')}::uuid[],
    ${column('kind')}::text[], ${column('result')}::text[], ${waits}::float8[])
    as o (subscription_id, message_id, kind, result, wait_ms)`
  const mine = sql`q.subscription_id = o.subscription_id and q.message_id = o.message_id and q.kind = o.kind`
  await sql`delete from push_subscriptions s using ${settled}
    where s.id = o.subscription_id and o.result = 'gone'`.execute(db)
  await sql`delete from push_queue q using ${settled} where ${mine} and (
    o.result = 'never' or (o.result = 'sent' and o.kind = 'withdrawn')
    or (o.result = 'later' and q.attempts >= ${ATTEMPTS}))`.execute(db)
  await sql`update push_queue q set
      sent_at = case when o.result = 'sent' then now() end,
      due_at = ${backoff}
    from ${settled} where ${mine} and o.result in ('sent', 'later')`.execute(db)
}

async function forgetOld(db: Kysely<Database>): Promise<void> {
  await sql`delete from push_queue where (message_id, subscription_id) in (
    select message_id, subscription_id from push_queue
    where sent_at < now() - ${REMEMBERED}::interval limit ${FORGOTTEN_AT_ONCE}
  )`.execute(db)
}
