import { type Attachment, ProblemError } from '@parley/contracts'
import type pg from 'pg'
import { type AttachmentRow, toAttachment } from './attachment-store.ts'

/** The part of a send that files are found by. */
export interface SendWithFiles {
  user: { id: string }
  conversation_id: string
  client_id?: string | undefined
  attachment_ids?: readonly string[] | undefined
  /** The message whose files this one shares. */
  files_of?: string | undefined
}

// Locked: a file goes with one message, and stays while it does.
const UPLOADED = `
  select * from attachments
  where id = any ($1::uuid[]) and uploader_id = $2 and message_id is null and stored order by id for update`
const REPEATED = `
  select from messages where conversation_id = $1 and sender_id = $2 and client_id = $3`
const BIND = `
  update attachments a set conversation_id = $2, message_id = $3, position = file.n
  from unnest($1::uuid[]) with ordinality as file (id, n) where a.id = file.id`
const SHARED = `
  select * from attachments where message_id = $1 order by position for share`
const SHARE = `
  insert into attachments (id, file_id, uploader_id, conversation_id, message_id, position, name, type, size, width, height, thumbnail, stored)
  select copy.id, a.file_id, $3, $4, $5, a.position, a.name, a.type, a.size, a.width, a.height, a.thumbnail, true
  from unnest($1::uuid[], $2::uuid[]) as copy (id, source) join attachments a on a.id = copy.source`

/** Whether a send comes with files, and so takes {@link writeWithFiles}. */
export function hasFiles({ attachment_ids, files_of }: SendWithFiles): boolean {
  return (attachment_ids?.length ?? 0) > 0 || files_of !== undefined
}

/**
 * Writes one message with its files, in one transaction. `write` gets the files as they will be shown, and says whether it created the
 * message. Throws `validation_failed` for what is no unsent upload of the sender's, unless the send repeats an earlier one: `write`
 * then finds that.
 */
export async function writeWithFiles<R>(
  pool: pg.Pool,
  message: { id: string; send: SendWithFiles; newId: () => string },
  write: (client: pg.PoolClient, attachments: Attachment[]) => Promise<{ created: boolean; result: R }>
): Promise<R> {
  const client = await pool.connect()
  let broken: unknown
  try {
    await client.query('begin')
    const { files, bind } = await takeFiles(client, message)
    const { created, result } = await write(client, files)
    if (created) await bind()
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((failure: unknown) => {
      broken = failure
    })
    throw error
  } finally {
    client.release(broken !== undefined)
  }
}

interface TakenFiles {
  files: Attachment[]
  bind(): Promise<unknown>
}

function takeFiles(
  client: pg.PoolClient,
  message: { id: string; send: SendWithFiles; newId: () => string }
): Promise<TakenFiles> {
  return message.send.files_of === undefined
    ? takeUploads(client, message)
    : shareFiles(client, message, message.send.files_of)
}

async function takeUploads(
  client: pg.PoolClient,
  { id, send }: { id: string; send: SendWithFiles }
): Promise<TakenFiles> {
  const { user, conversation_id, client_id, attachment_ids: ids = [] } = send
  const { rows } = await client.query<AttachmentRow>(UPLOADED, [ids, user.id])
  const found = new Map(rows.map((row) => [row.id, row]))
  const absent = ids.findIndex((wanted) => !found.has(wanted))
  if (absent >= 0 && !(await isRepeated(client, [conversation_id, user.id, client_id ?? null]))) {
    throw new ProblemError('validation_failed', {
      errors: [
        { pointer: `/attachment_ids/${absent}`, reason: 'is no upload of yours that waits to be sent' }
      ]
    })
  }
  return {
    files: ids.flatMap((wanted) => found.get(wanted) ?? []).map(toAttachment),
    bind: () => client.query(BIND, [ids, conversation_id, id])
  }
}

async function isRepeated(client: pg.PoolClient, key: unknown[]): Promise<boolean> {
  const { rowCount } = await client.query(REPEATED, key)
  return rowCount === 1
}

async function shareFiles(
  client: pg.PoolClient,
  { id, send, newId }: { id: string; send: SendWithFiles; newId: () => string },
  source: string
): Promise<TakenFiles> {
  const { rows } = await client.query<AttachmentRow>(SHARED, [source])
  const copies = rows.map((row) => ({ source: row.id, copy: { ...row, id: newId() } }))
  const ids = copies.map(({ copy }) => copy.id)
  const sources = copies.map((one) => one.source)
  return {
    files: copies.map(({ copy }) => toAttachment(copy)),
    bind: () => client.query(SHARE, [ids, sources, send.user.id, send.conversation_id, id])
  }
}
