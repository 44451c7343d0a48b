import { withClient } from './with-client.ts'

const BODY = 'lorem ipsum '.repeat(17)

/** Puts so many messages, by its creator, into every conversation there is. */
export async function seedMessages(databaseUrl: string, per_room: number): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    await client.query(
      `insert into messages (conversation_id, seq, id, changed_seq, sender_id, body, client_id, created_at)
       select c.id, c.last_seq + n, uuidv7(), c.last_seq + n, c.created_by, $2, gen_random_uuid()::text,
         now() - ($1::int - n) * interval '1 second'
       from conversations c, generate_series(1, $1::int) as n order by n`,
      [per_room, BODY]
    )
    await client.query(
      `update conversations set last_seq = last_seq + $1::bigint, last_message_seq = last_seq + $1::bigint,
         active_at = now() - random() * interval '1 day'`,
      [per_room]
    )
    await client.query('vacuum analyze')
  })
}

/** Makes a user a member of every conversation, who has read nothing in them. */
export async function joinAll(databaseUrl: string, user_id: string): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    await client.query(
      `with joined as (
         update conversations c set last_seq = last_seq + 1, member_count = member_count + 1
         where not exists (select from members m where m.conversation_id = c.id and m.user_id = $1::uuid)
         returning id, last_seq
       ), noted as (
         insert into changes (conversation_id, seq, kind, subject_id, actor_id, at)
         select id, last_seq, 'member.added', $1::uuid, $1::uuid, now() from joined
       )
       insert into members (conversation_id, user_id, role, joined_seq, changed_seq)
       select id, $1::uuid, 'member', last_seq, last_seq from joined`,
      [user_id]
    )
    await client.query('vacuum analyze')
  })
}
