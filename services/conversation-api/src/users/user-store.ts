import type { User } from '@parley/contracts'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '../database/database.ts'

const FOUND = 20

/** Users whose username or display name begins with `text`, in any case; at most 20, by username. */
export async function searchUsers(db: Kysely<Database>, text: string): Promise<User[]> {
  // Postgres cannot even be asked for a text with NUL in it.
  if (text.includes('\0')) return []
  const pattern = `${text.replace(/[\\%_]/g, '\\$&')}%`
  return db
    .selectFrom('users')
    .select(['id', 'username', 'display_name'])
    .where('disabled_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb(sql`lower(username)`, 'like', sql`lower(${pattern})`),
        eb(sql`lower(display_name)`, 'like', sql`lower(${pattern})`)
      ])
    )
    .orderBy(sql`lower(username)`)
    .limit(FOUND)
    .execute()
}

export async function findUser(db: Kysely<Database>, user_id: string): Promise<User | undefined> {
  return (await findUsers(db, [user_id])).get(user_id)
}

/** Those of the users that exist and are not disabled. */
export async function findUsers(db: Kysely<Database>, user_ids: string[]): Promise<Map<string, User>> {
  if (user_ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('users')
    .select(['id', 'username', 'display_name'])
    .where('id', 'in', user_ids)
    .where('disabled_at', 'is', null)
    .execute()
  return new Map(rows.map((user) => [user.id, user]))
}

export interface RoomsVersion {
  user_id: string
  rooms_version: number
}

/** Notes that these users' room lists changed. Last in its transaction: many transactions want the same users' rows. */
export async function bumpRoomsVersions(
  tx: Transaction<Database>,
  user_ids: readonly string[]
): Promise<RoomsVersion[]> {
  // Locked in the order of their ids, so that two of these never wait for each other.
  const { rows } = await sql<RoomsVersion>`
    with locked as materialized (
      select id from users where id = any (${user_ids}::uuid[]) order by id for no key update
    )
    update users u set rooms_version = u.rooms_version + 1 from locked where u.id = locked.id
    returning u.id as user_id, u.rooms_version`.execute(tx)
  return rows
}
