import { StartError } from '@parley/service-kit'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../database/database.ts'

/** What the search of this deployment goes by. */
export interface SearchSettings {
  /** The PostgreSQL text search configuration. */
  language: string
  /** Whether parts of words and misspelt words are found: the database has pg_trgm and its index. */
  trigrams: boolean
}

/** Whole words as they are written, in any language. */
export const DEFAULT_LANGUAGE = 'simple'

/** Asks the database what it can do. Throws a {@link StartError} where it knows no such language. */
export async function readSearchSettings(db: Kysely<Database>, language: string): Promise<SearchSettings> {
  const { rows } = await sql<{ known: boolean; trigrams: boolean }>`
    select to_regclass('message_search_body') is not null as trigrams,
      exists (select 1 from pg_ts_config where cfgname = ${language} and pg_ts_config_is_visible(oid)) as known
  `.execute(db)
  const [found] = rows
  if (!found?.known)
    throw new StartError(
      `SEARCH_LANGUAGE: the database has no text search configuration of the name ${language}`
    )
  return { language, trigrams: found.trigrams }
}
