import { type Kysely, sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { conversationsOf } from './erasure-store.ts'

/** Rows read at a time. */
const PAGE = 500

/**
 * Everything that is kept of one user, as the pieces of one JSON object: `{user, sessions, memberships, messages, reactions, attachments,
 * reports, mutes, blocks}`. Read page by page: what changes meanwhile is in it as it was or as it is. Undefined where there is no such user.
 *
 * @example
 * const pieces = await exportUser(db, user_id)
 * if (pieces) Readable.from(pieces).pipe(file)
 */
export async function exportUser(
  db: Kysely<Database>,
  user_id: string
): Promise<AsyncGenerator<string> | undefined> {
  const user = await db
    .selectFrom('users')
    .select(['id', 'username', 'display_name', 'created_at', 'disabled_at', 'admin'])
    .where('id', '=', user_id)
    .executeTakeFirst()
  return user && pieces(db, user_id, user)
}

async function* pieces(db: Kysely<Database>, user_id: string, user: object): AsyncGenerator<string> {
  yield `{"user":${JSON.stringify(user)}`
  const lists = {
    sessions: sessions(db, user_id),
    memberships: memberships(db, user_id),
    messages: messages(db, user_id),
    reactions: reactions(db, user_id),
    attachments: attachments(db, user_id),
    reports: reports(db, user_id),
    mutes: mutes(db, user_id),
    blocks: blocks(db, user_id)
  }
  for (const [name, rows] of Object.entries(lists)) {
    yield `,"${name}":[`
    let first = true
    for await (const row of rows) {
      yield (first ? '' : ',') + JSON.stringify(row)
      first = false
    }
    yield ']'
  }
  yield '}\n'
}

async function* sessions(db: Kysely<Database>, user_id: string): AsyncGenerator<object> {
  yield* await db
    .selectFrom('sessions')
    .select(['id', 'user_agent', 'created_at', 'last_seen_at', 'expires_at', 'ended_at'])
    .where('user_id', '=', user_id)
    .where('ended_at', 'is', null)
    .execute()
}

async function* memberships(db: Kysely<Database>, user_id: string): AsyncGenerator<object> {
  for (const { id } of await conversationsOf(db, user_id)) {
    yield* await db
      .selectFrom('members as m')
      .innerJoin('conversations as c', 'c.id', 'm.conversation_id')
      .select(['m.conversation_id', 'c.title', 'm.role', 'm.joined_seq', 'm.read_seq', 'm.removed_at'])
      .where('m.conversation_id', '=', id)
      .where('m.user_id', '=', user_id)
      .execute()
  }
}

async function* messages(db: Kysely<Database>, user_id: string): AsyncGenerator<object> {
  for (const { id } of await conversationsOf(db, user_id)) {
    let seq = 0
    for (;;) {
      const rows = await db
        .selectFrom('messages')
        .select([
          'conversation_id',
          'seq',
          'id',
          'body',
          'reply_to_id',
          'created_at',
          'edited_at',
          'deleted_at'
        ])
        .where('conversation_id', '=', id)
        .where('seq', '>', seq)
        .where('sender_id', '=', user_id)
        .orderBy('seq')
        .limit(PAGE)
        .execute()
      yield* rows
      const last = rows.at(-1)
      if (!last || rows.length < PAGE) break
      seq = last.seq
    }
  }
}

async function* reactions(db: Kysely<Database>, user_id: string): AsyncGenerator<object> {
  let after = { message_id: '00000000-0000-0000-0000-000000000000', emoji: '' }
  for (;;) {
    const rows = await db
      .selectFrom('reactions')
      .select(['message_id', 'emoji', 'created_at'])
      .where('user_id', '=', user_id)
      .where(sql<boolean>`(message_id, emoji) > (${after.message_id}::uuid, ${after.emoji})`)
      .orderBy('message_id')
      .orderBy('emoji')
      .limit(PAGE)
      .execute()
    yield* rows
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) return
    after = last
  }
}

async function* attachments(db: Kysely<Database>, user_id: string): AsyncGenerator<object> {
  yield* await db
    .selectFrom('attachments')
    .select(['id', 'conversation_id', 'message_id', 'name', 'type', 'size', 'created_at'])
    .where('uploader_id', '=', user_id)
    .orderBy('id')
    .execute()
}

async function* mutes(db: Kysely<Database>, user_id: string): AsyncGenerator<object> {
  yield* await db
    .selectFrom('mutes')
    .selectAll()
    .where('user_id', '=', user_id)
    .orderBy('conversation_id')
    .execute()
}

async function* blocks(db: Kysely<Database>, user_id: string): AsyncGenerator<object> {
  yield* await db
    .selectFrom('blocks')
    .select('blocked_id')
    .where('user_id', '=', user_id)
    .orderBy('blocked_id')
    .execute()
}

async function* reports(db: Kysely<Database>, user_id: string): AsyncGenerator<object> {
  yield* await db
    .selectFrom('reports')
    .select(['id', 'conversation_id', 'message_id', 'reason', 'created_at', 'resolution'])
    .where('reporter_id', '=', user_id)
    .orderBy('id')
    .execute()
}
