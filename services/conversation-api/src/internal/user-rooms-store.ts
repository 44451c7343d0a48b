import type { UserRooms } from '@parley/contracts'
import type pg from 'pg'

// The version is read in the statement that reads the list: a change after it shows in the next beat.
const ROOMS_OF = `
  select u.rooms_version, c.id as conversation_id, c.last_seq as head, m.role, m.read_seq, m.joined_seq,
    mute.user_id is not null or (c.kind = 'direct' and exists (
      select 1 from blocks b join members other on other.user_id = b.blocked_id and other.conversation_id = c.id
      where b.user_id = u.id
    )) as quiet
  from users u
  left join members m on m.user_id = u.id and m.removed_at is null
  left join conversations c on c.id = m.conversation_id and c.deleted_at is null
  left join mutes mute on mute.user_id = u.id and mute.conversation_id = c.id
    and (mute.until is null or mute.until > now())
  where u.id = $1`

/** Every conversation of a user, with what a subscriber needs of it; version 0 and none for an unknown one. */
export async function roomsOf(pool: pg.Pool, user_id: string): Promise<UserRooms> {
  const { rows } = await pool.query<
    Omit<UserRooms['rooms'][number], 'quiet'> & { rooms_version: number; quiet: boolean }
  >({
    name: 'rooms_of',
    text: ROOMS_OF,
    values: [user_id]
  })
  return {
    rooms_version: rows[0]?.rooms_version ?? 0,
    rooms: rows
      .filter((row) => row.conversation_id !== null)
      .map(({ rooms_version: _, quiet, ...room }) => (quiet ? { ...room, quiet } : room))
  }
}
