import { type Member, ProblemError, type Role } from '@parley/contracts'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '../database/database.ts'
import { headFor } from '../messages/message-store.ts'
import { decodeCursor, toPage } from '../paging/page-cursor.ts'

interface MemberRow {
  user_id: string
  username: string
  display_name: string
  role: Role
  joined_seq: number
  read_seq: number
}

export interface MemberListing {
  user_id: string
  conversation_id: string
  limit: number
  cursor?: string | undefined
}

/** The members, in the order in which they joined. Throws `not_found` for outsiders. */
export async function listMembers(
  db: Kysely<Database>,
  { user_id, conversation_id, limit, cursor }: MemberListing
): Promise<{ items: Member[]; next_cursor: string | null }> {
  await headFor(db, user_id, conversation_id)
  const [joined_seq] = decodeCursor(cursor, isMemberCursor) ?? [0]
  const rows = await selectMembers(db, conversation_id)
    .where('m.joined_seq', '>', joined_seq)
    // Says what the index `members_joined` is for.
    .where('m.joined_seq', '>', sql.lit(0))
    .orderBy('m.joined_seq')
    .limit(limit + 1)
    .execute()
  return toPage(rows, limit, { item: toMember, cursor: (row) => [row.joined_seq] })
}

function isMemberCursor(value: unknown): value is [number] {
  return Array.isArray(value) && value.length === 1 && Number.isSafeInteger(value[0])
}

/** One who is a member now. */
export async function findMember(
  db: Kysely<Database>,
  conversation_id: string,
  user_id: string
): Promise<Member | undefined> {
  const row = await selectMembers(db, conversation_id).where('m.user_id', '=', user_id).executeTakeFirst()
  return row && toMember(row)
}

/** Someone who is or was a member, for one who is. Throws `not_found` for outsiders. */
export async function memberFor(
  db: Kysely<Database>,
  { caller_id, conversation_id, user_id }: { caller_id: string; conversation_id: string; user_id: string }
): Promise<Member> {
  await headFor(db, caller_id, conversation_id)
  return await loadMember(db, conversation_id, user_id)
}

/** The row of someone who is or was a member. */
async function loadMember(db: Kysely<Database>, conversation_id: string, user_id: string): Promise<Member> {
  const row = await selectAnyMembers(db, conversation_id).where('m.user_id', '=', user_id).executeTakeFirst()
  if (!row) throw new ProblemError('not_found')
  return toMember(row)
}

export async function setRole(
  tx: Transaction<Database>,
  {
    conversation_id,
    user_id,
    role,
    seq
  }: { conversation_id: string; user_id: string; role: Role; seq: number }
): Promise<void> {
  await tx
    .updateTable('members')
    .set({ role, changed_seq: seq })
    .where('conversation_id', '=', conversation_id)
    .where('user_id', '=', user_id)
    .execute()
}

export async function currentMembers(db: Kysely<Database>, conversation_id: string): Promise<string[]> {
  const rows = await db
    .selectFrom('members')
    .select('user_id')
    .where('conversation_id', '=', conversation_id)
    .where('removed_at', 'is', null)
    .execute()
  return rows.map(({ user_id }) => user_id)
}

export async function countOwners(db: Kysely<Database>, conversation_id: string): Promise<number> {
  const { owners } = await db
    .selectFrom('members')
    .select(({ fn }) => fn.countAll<number>().as('owners'))
    .where('conversation_id', '=', conversation_id)
    .where('role', '=', 'owner')
    .where('removed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return owners
}

function selectMembers(db: Kysely<Database>, conversation_id: string) {
  return selectAnyMembers(db, conversation_id).where('m.removed_at', 'is', null)
}

function selectAnyMembers(db: Kysely<Database>, conversation_id: string) {
  return db
    .selectFrom('members as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .select(['m.user_id', 'u.username', 'u.display_name', 'm.role', 'm.joined_seq'])
    .select(sql<number>`case when u.hide_reads then m.joined_seq else m.read_seq end`.as('read_seq'))
    .where('m.conversation_id', '=', conversation_id)
}

function toMember({ user_id: id, username, display_name, role, joined_seq, read_seq }: MemberRow): Member {
  return { user: { id, username, display_name }, role, joined_seq, read_seq }
}
