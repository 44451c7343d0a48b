import { randomUUIDv7 } from 'node:crypto'
import { ProblemError, type User } from '@parley/contracts'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../database/database.ts'

export interface Account {
  user: User
  password_hash: string
  disabled: boolean
}

/** Throws `username_taken`. */
export async function insertAccount(
  db: Kysely<Database>,
  account: { username: string; display_name: string; password_hash: string }
): Promise<User> {
  const row = await db
    .insertInto('users')
    .values({ id: randomUUIDv7(), ...account, disabled_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .returning(['id', 'username', 'display_name'])
    .executeTakeFirst()
  if (!row) throw new ProblemError('username_taken')
  return row
}

/** The account of that name, in any case. */
export async function findAccount(db: Kysely<Database>, username: string): Promise<Account | undefined> {
  if (!/^[!-~]+$/.test(username)) return undefined
  const row = await db
    .selectFrom('users')
    .select(['id', 'username', 'display_name', 'password_hash', 'disabled_at'])
    .where(sql`lower(username)`, '=', username.toLowerCase())
    .executeTakeFirst()
  if (!row) return undefined
  const { id, username: name, display_name, password_hash, disabled_at } = row
  return { user: { id, username: name, display_name }, password_hash, disabled: disabled_at !== null }
}

/** False where the password was changed by someone else since `account` was read. */
export async function replacePassword(
  db: Kysely<Database>,
  { user, password_hash: before }: Account,
  password_hash: string
): Promise<boolean> {
  const changed = await db
    .updateTable('users')
    .set({ password_hash })
    .where('id', '=', user.id)
    .where('password_hash', '=', before)
    .executeTakeFirst()
  return changed.numUpdatedRows > 0n
}

/** Returns the user's id, or undefined where there is no such user. */
export async function setDisabled(
  db: Kysely<Database>,
  username: string,
  disabled: boolean
): Promise<string | undefined> {
  const row = await db
    .updateTable('users')
    .set({ disabled_at: disabled ? sql`coalesce(disabled_at, now())` : null })
    .where(sql`lower(username)`, '=', username.toLowerCase())
    .returning('id')
    .executeTakeFirst()
  return row?.id
}
