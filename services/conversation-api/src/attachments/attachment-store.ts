import { type Attachment, limits, ProblemError } from '@parley/contracts'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { Database } from '../database/database.ts'

export type AttachmentRow = Selectable<Database['attachments']>

/** Bytes of files this user has, sent or not. */
export async function usedBytes(db: Kysely<Database>, user_id: string): Promise<number> {
  const { used } = await db
    .selectFrom('attachments')
    .select(({ fn }) => fn.coalesce(fn.sum<string>('size'), sql.lit('0')).as('used'))
    .where('uploader_id', '=', user_id)
    .executeTakeFirstOrThrow()
  return Number(used)
}

export type NewAttachment = Pick<
  AttachmentRow,
  'id' | 'file_id' | 'uploader_id' | 'name' | 'type' | 'size' | 'width' | 'height' | 'thumbnail'
>

/** Notes a file before its bytes are stored, so that they are found should this be interrupted. Throws `quota_exceeded`. */
export async function insertAttachment(db: Kysely<Database>, attachment: NewAttachment): Promise<void> {
  await db.transaction().execute(async (tx) => {
    // One upload of a user at a time is added up.
    await sql`select 1 from users where id = ${attachment.uploader_id} for no key update`.execute(tx)
    const used = await usedBytes(tx, attachment.uploader_id)
    if (used + attachment.size > limits.attachments_user_bytes) throw new ProblemError('quota_exceeded')
    await tx
      .insertInto('attachments')
      .values({ ...attachment, conversation_id: null, message_id: null })
      .execute()
  })
}

export async function markStored(db: Kysely<Database>, id: string): Promise<void> {
  await db.updateTable('attachments').set({ stored: true }).where('id', '=', id).execute()
}

/** A file that this user may read: of a message in a conversation of theirs, or their own that is not sent yet. */
export async function findAttachment(
  db: Kysely<Database>,
  user_id: string,
  id: string
): Promise<AttachmentRow> {
  const row = await db
    .selectFrom('attachments as a')
    .leftJoin('members as me', (join) =>
      join
        .onRef('me.conversation_id', '=', 'a.conversation_id')
        .on('me.user_id', '=', user_id)
        .on('me.removed_at', 'is', null)
    )
    .leftJoin('conversations as c', (join) =>
      join.onRef('c.id', '=', 'me.conversation_id').on('c.deleted_at', 'is', null)
    )
    .selectAll('a')
    .where('a.id', '=', id)
    .where('a.stored', '=', true)
    .where((eb) =>
      eb.or([
        eb('c.id', 'is not', null),
        eb.and([eb('a.message_id', 'is', null), eb('a.uploader_id', '=', user_id)])
      ])
    )
    .executeTakeFirst()
  if (!row) throw new ProblemError('not_found')
  return row
}

/** Takes back an upload that was not sent. Throws `not_found`. */
export async function deleteUnsent(db: Kysely<Database>, user_id: string, id: string): Promise<void> {
  const { numDeletedRows } = await db
    .deleteFrom('attachments')
    .where('id', '=', id)
    .where('uploader_id', '=', user_id)
    .where('message_id', 'is', null)
    .executeTakeFirst()
  if (numDeletedRows === 0n) throw new ProblemError('not_found')
}

/** Gives up what was uploaded and not sent within `age_ms`. */
export async function deleteOrphans(db: Kysely<Database>, age_ms: number): Promise<void> {
  await sql`
    delete from attachments where id in (
      select id from attachments
      where message_id is null and created_at < now() - make_interval(secs => ${age_ms / 1000}::float8)
      order by created_at limit 500 for update skip locked
    )`.execute(db)
}

/** Hands files that nothing refers to any more to `erase`, of at most `limit` that lost a reference. Returns how many those were. */
export function eraseFiles(
  db: Kysely<Database>,
  limit: number,
  erase: (file_id: string) => Promise<void>
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('file_erasures')
      .select('file_id')
      .orderBy('at')
      .limit(limit)
      .forUpdate()
      .skipLocked()
      .execute()
    const ids = rows.map(({ file_id }) => file_id)
    if (ids.length === 0) return 0
    const kept = await tx.selectFrom('attachments').select('file_id').where('file_id', 'in', ids).execute()
    const in_use = new Set(kept.map(({ file_id }) => file_id))
    for (const id of ids) if (!in_use.has(id)) await erase(id)
    await tx.deleteFrom('file_erasures').where('file_id', 'in', ids).execute()
    return ids.length
  })
}

export function toAttachment(row: Omit<AttachmentRow, 'created_at' | 'stored' | 'position'>): Attachment {
  const { id, name, type, size, width, height, thumbnail } = row
  return {
    id,
    name,
    type,
    size,
    ...(width === null || height === null ? {} : { width, height }),
    ...(thumbnail ? { thumbnail } : {})
  }
}
