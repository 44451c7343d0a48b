import { createHash, randomBytes, randomUUIDv7 } from 'node:crypto'
import type { Client } from 'pg'
import type { LoadMember } from '../load/dialects.ts'
import { withClient } from './with-client.ts'

export interface SeededMember extends LoadMember {
  user_id: string
  username: string
  session_id: string
}

const CHUNK = 5_000

/**
 * Makes rooms whose members are users of their own, each with a session, as the api would have made them, but without hashing any
 * password: these accounts cannot log in.
 *
 * @example
 * const members = await seedRooms(stack.databaseUrl, { rooms: 100, per_room: 10 })
 */
export async function seedRooms(
  databaseUrl: string,
  { rooms, per_room }: { rooms: number; per_room: number }
): Promise<SeededMember[]> {
  const members = Array.from({ length: rooms }, () => randomUUIDv7()).flatMap((room) =>
    Array.from({ length: per_room }, (): SeededMember => {
      const user_id = randomUUIDv7()
      const token = randomBytes(32).toString('base64url')
      return { room, user_id, username: `load-${user_id}`, session_id: randomUUIDv7(), token }
    })
  )
  await withClient(databaseUrl, async (client) => {
    await client.query('begin')
    await insertAccounts(client, members)
    await insertRooms(client, members)
    await client.query('commit')
    // The planner and the caches shall be as in a database that has run for a while.
    await client.query('vacuum analyze')
  })
  return members
}

async function insertAccounts(client: Client, members: readonly SeededMember[]): Promise<void> {
  for (const part of chunks(members)) {
    await client.query(
      `insert into users (id, username, display_name, password_hash, rooms_version)
       select id, name, name, '-', 1 from unnest($1::uuid[], $2::text[]) as u (id, name)`,
      [part.map(({ user_id }) => user_id), part.map(({ username }) => username)]
    )
    await client.query(
      `insert into sessions (id, user_id, token_hash, expires_at)
       select id, user_id, hash, now() + interval '1 day'
       from unnest($1::uuid[], $2::uuid[], $3::bytea[]) as s (id, user_id, hash)`,
      [
        part.map(({ session_id }) => session_id),
        part.map(({ user_id }) => user_id),
        part.map(({ token }) => createHash('sha256').update(token).digest())
      ]
    )
  }
}

/** Every member's addition is on the number line, the owner's first. */
async function insertRooms(client: Client, members: readonly SeededMember[]): Promise<void> {
  for (const [room, group] of Map.groupBy(members, (member) => member.room)) {
    const users = group.map(({ user_id }) => user_id)
    await client.query(
      `insert into conversations (id, kind, title, created_by, created_at, active_at, last_seq, member_count)
       values ($1, 'group', 'load', $2, now(), now(), $3::bigint, $3::bigint)`,
      [room, users[0], users.length]
    )
    await client.query(
      `insert into members (conversation_id, user_id, role, joined_seq, changed_seq, read_seq)
       select $1::uuid, id, case n when 1 then 'owner' else 'member' end, n, n, n
       from unnest($2::uuid[]) with ordinality as u (id, n)`,
      [room, users]
    )
    await client.query(
      `insert into changes (conversation_id, seq, kind, subject_id, actor_id, at)
       select $1::uuid, n, 'member.added', id, $3::uuid, now() from unnest($2::uuid[]) with ordinality as u (id, n)`,
      [room, users, users[0]]
    )
  }
}

function* chunks<T>(items: readonly T[]): Generator<T[]> {
  for (let at = 0; at < items.length; at += CHUNK) yield items.slice(at, at + CHUNK)
}
