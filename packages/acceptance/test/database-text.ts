import type pg from 'pg'

/** Every row of every table, as text. */
export async function databaseText(database: pg.Client): Promise<string> {
  const { rows: tables } = await database.query(
    `select quote_ident(table_name) as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE'`
  )
  const texts: string[] = []
  for (const { name } of tables) {
    const { rows } = await database.query(`select t::text as row from ${name} t`)
    texts.push(...rows.map(({ row }) => String(row)))
  }
  return texts.join('\n')
}
