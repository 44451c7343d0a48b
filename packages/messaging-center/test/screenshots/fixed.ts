import pg from 'pg'
import { type Choir, NOW } from './choir.ts'

/** Gives everything the ids and the times that it has in every run. Nothing may use the database meanwhile. */
export async function fix(databaseUrl: string, { ids, times }: Choir): Promise<void> {
  const database = new pg.Client({ connectionString: databaseUrl })
  await database.connect()
  try {
    await database.query('begin')
    // References are changed one column after the other.
    await database.query(`set local session_replication_role = replica`)
    for (const [id, at] of times) {
      await database.query('update messages set created_at = $2 where id = $1', [id, at])
      await database.query('update message_search set created_at = $2 where message_id = $1', [id, at])
    }
    await database.query(
      `update conversations set created_at = $1, active_at = coalesce(
      (select max(created_at) from messages where conversation_id = conversations.id), $1)`,
      [NOW]
    )
    await database.query('update sessions set created_at = $1, last_seen_at = $1', [NOW])
    await database.query(
      `create temp table fixed on commit drop as
      select * from unnest($1::uuid[], $2::uuid[]) as one (was, becomes)`,
      [[...ids.keys()], [...ids.values()]]
    )
    const { rows } = await database.query<{ set: string }>(`
      select format('update %I set %I = becomes from fixed where %2$I = was', table_name, column_name) as set
      from information_schema.columns join information_schema.tables using (table_schema, table_name)
      where table_schema = 'public' and table_type = 'BASE TABLE' and data_type = 'uuid'`)
    for (const { set } of rows) await database.query(set)
    await database.query(`update messages set mentions = (select array_agg(coalesce(becomes, one))
      from unnest(mentions) as one left join fixed on was = one) where mentions is not null`)
    await database.query('commit')
  } finally {
    await database.end()
  }
}
