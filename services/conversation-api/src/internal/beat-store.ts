import type { BeatReply, BeatReport } from '@parley/contracts'
import type pg from 'pg'

const MOVED_ROOMS = `
  select c.id, c.last_seq as now from unnest($1::uuid[], $2::bigint[]) as seen (id, last_seq)
  join conversations c on c.id = seen.id where c.last_seq <> seen.last_seq`

// A session that is not there at all has ended too.
const ENDED_SESSIONS = `
  select seen.id from unnest($1::uuid[]) as seen (id)
  left join sessions s on s.id = seen.id and s.ended_at is null and s.expires_at > now()
  where s.id is null`

const CHANGED_LISTS = `
  select u.id, u.rooms_version as now from unnest($1::uuid[], $2::bigint[]) as seen (id, version)
  join users u on u.id = seen.id where u.rooms_version <> seen.version`

/** What of a gateway's report is no longer so. */
export async function answerBeat(pool: pg.Pool, { rooms, sessions, users }: BeatReport): Promise<BeatReply> {
  const [moved, ended, changed] = await Promise.all([
    select<{ id: string; now: number }>(
      pool,
      'beat_rooms',
      MOVED_ROOMS,
      Object.keys(rooms),
      Object.values(rooms)
    ),
    select<{ id: string }>(pool, 'beat_sessions', ENDED_SESSIONS, sessions),
    select<{ id: string; now: number }>(
      pool,
      'beat_users',
      CHANGED_LISTS,
      Object.keys(users),
      Object.values(users)
    )
  ])
  return {
    rooms: Object.fromEntries(moved.map(({ id, now }) => [id, now])),
    ended: ended.map(({ id }) => id),
    users: Object.fromEntries(changed.map(({ id, now }) => [id, now]))
  }
}

async function select<R extends object>(
  pool: pg.Pool,
  name: string,
  text: string,
  ...values: unknown[][]
): Promise<R[]> {
  if (values[0]?.length === 0) return []
  const { rows } = await pool.query<R>({ name, text, values })
  return rows
}
