import { createHash, randomBytes, randomUUIDv7 } from 'node:crypto'
import { type Authenticated, limits, type Session, type User } from '@parley/contracts'
import { type Kysely, sql } from 'kysely'
import type pg from 'pg'
import type { Database } from '../database/database.ts'

/** 256 random bits in base64url. Only their hash is stored. */
const secretPattern = /^[A-Za-z0-9_-]{43}$/

const USER_AGENT_LENGTH = 200

const FIND_SESSION = `
  select s.id as session_id, s.expires_at as until, s.last_seen_at < now() - interval '1 minute' as stale,
    u.id, u.username, u.display_name, u.rooms_version
  from sessions s join users u on u.id = s.user_id
  where s.token_hash = $1 and s.ended_at is null and s.expires_at > now() and u.disabled_at is null`

// Once a minute at most, whoever of many requests comes first.
const PROLONG_SESSION = `
  update sessions set last_seen_at = now(), expires_at = now() + $2 * interval '1 millisecond'
  where id = $1 and last_seen_at < now() - interval '1 minute' and ended_at is null
  returning expires_at as until`

const REDEEM_TICKET = `
  with used as (delete from tickets where ticket_hash = $1 returning session_id, expires_at)
  select s.id as session_id, s.expires_at as until, u.id, u.username, u.display_name, u.rooms_version
  from used join sessions s on s.id = used.session_id join users u on u.id = s.user_id
  where used.expires_at > now() and s.ended_at is null and s.expires_at > now() and u.disabled_at is null`

interface FoundRow {
  session_id: string
  until: Date
  id: string
  username: string
  display_name: string
  rooms_version: number
}

/** Who holds this token; null for nobody. A session in use is prolonged. */
export async function findSession(
  pool: pg.Pool,
  token: string
): Promise<(Authenticated & { prolonged: boolean }) | null> {
  if (!secretPattern.test(token)) return null
  const { rows } = await pool.query<FoundRow & { stale: boolean }>({
    name: 'find_session',
    text: FIND_SESSION,
    values: [digest(token)]
  })
  const [row] = rows
  if (!row) return null
  const until = row.stale ? await prolong(pool, row.session_id) : undefined
  return { ...toAuthenticated({ ...row, until: until ?? row.until }), prolonged: until !== undefined }
}

async function prolong(pool: pg.Pool, session_id: string): Promise<Date | undefined> {
  const { rows } = await pool.query<{ until: Date }>({
    name: 'prolong_session',
    text: PROLONG_SESSION,
    values: [session_id, limits.session_ms]
  })
  return rows[0]?.until
}

/** {@link findSession} for callers that have no cookie to prolong. */
export async function authenticateToken(pool: pg.Pool, token: string): Promise<Authenticated | null> {
  const found = await findSession(pool, token)
  if (!found) return null
  const { prolonged: _, ...authenticated } = found
  return authenticated
}

/** Whose session a ticket stands for; null for nobody. It is used up either way. */
export async function redeemTicket(pool: pg.Pool, ticket: string): Promise<Authenticated | null> {
  if (!secretPattern.test(ticket)) return null
  const { rows } = await pool.query<FoundRow>({
    name: 'redeem_ticket',
    text: REDEEM_TICKET,
    values: [digest(ticket)]
  })
  return rows[0] ? toAuthenticated(rows[0]) : null
}

function toAuthenticated({ session_id, until, rooms_version, ...user }: FoundRow): Authenticated {
  const { id, username, display_name } = user
  return { session_id, user: { id, username, display_name }, rooms_version, expires_at: until.getTime() }
}

/**
 * Opens a session for an account as it was when its password was checked; undefined where the password was changed or the
 * account disabled since.
 */
export async function insertSession(
  db: Kysely<Database>,
  { user, password_hash }: { user: User; password_hash: string },
  user_agent: string | undefined
): Promise<{ token: string; expires_at: Date } | undefined> {
  const token = newSecret()
  const expires_at = new Date(Date.now() + limits.session_ms)
  const agent = user_agent?.slice(0, USER_AGENT_LENGTH) ?? null
  const { rows } = await sql`
    insert into sessions (id, user_id, token_hash, user_agent, expires_at)
    select ${randomUUIDv7()}::uuid, id, ${digest(token)}::bytea, ${agent}::text, ${expires_at}::timestamptz
    from users where id = ${user.id} and password_hash = ${password_hash} and disabled_at is null
    for share
    returning id`.execute(db)
  return rows.length > 0 ? { token, expires_at } : undefined
}

/** The session goes on under a new token; the old one is worth nothing any more. */
export async function rotateSession(db: Kysely<Database>, session_id: string): Promise<string> {
  const token = newSecret()
  await db
    .updateTable('sessions')
    .set({ token_hash: digest(token) })
    .where('id', '=', session_id)
    .execute()
  return token
}

export type EndedSession = { session_id: string; user_id: string }

/** Ends those of the user's sessions that are asked for; all without `only`. Returns those that had not ended before. */
export async function endSessions(
  db: Kysely<Database>,
  user_id: string,
  { only, except }: { only?: string; except?: string } = {}
): Promise<EndedSession[]> {
  let query = db.updateTable('sessions').set({ ended_at: sql`now()` }).where('user_id', '=', user_id)
  if (only !== undefined) query = query.where('id', '=', only)
  if (except !== undefined) query = query.where('id', '<>', except)
  return query.where('ended_at', 'is', null).returning(['id as session_id', 'user_id']).execute()
}

/** Ends the session with this token, whoever it is. */
export async function endSessionOf(db: Kysely<Database>, token: string): Promise<EndedSession[]> {
  if (!secretPattern.test(token)) return []
  return db
    .updateTable('sessions')
    .set({ ended_at: sql`now()` })
    .where('token_hash', '=', digest(token))
    .where('ended_at', 'is', null)
    .returning(['id as session_id', 'user_id'])
    .execute()
}

/** A user's open sessions, the newest first. */
export async function listSessions(
  db: Kysely<Database>,
  user_id: string,
  current: string
): Promise<Session[]> {
  const rows = await db
    .selectFrom('sessions')
    .select(['id', 'created_at', 'last_seen_at', 'expires_at', 'user_agent'])
    .where('user_id', '=', user_id)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    created_at: row.created_at.toISOString(),
    last_seen_at: row.last_seen_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    user_agent: row.user_agent,
    current: row.id === current
  }))
}

/** A ticket that opens one socket in this session, soon. Tickets nobody used are cleared on the way. */
export async function issueTicket(
  db: Kysely<Database>,
  session_id: string
): Promise<{ ticket: string; expires_at: Date }> {
  const ticket = newSecret()
  const expires_at = new Date(Date.now() + limits.ticket_ms)
  await db
    .with('cleared', (cte) => cte.deleteFrom('tickets').where('expires_at', '<', sql<Date>`now()`))
    .insertInto('tickets')
    .values({ ticket_hash: digest(ticket), session_id, expires_at })
    .execute()
  return { ticket, expires_at }
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
