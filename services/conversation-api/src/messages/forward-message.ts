import { type Message, ProblemError, type User } from '@parley/contracts'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { findReadable, findSent } from './message-store.ts'
import { type MessageWriter, contentHash } from './message-writer.ts'
import { replayOf, sendMessage } from './send-message.ts'

export interface Forward {
  user: User
  /** Where it goes. */
  conversation_id: string
  /** What is copied. */
  from: { conversation_id: string; message_id: string }
  client_id?: string | undefined
}

/**
 * Sends a copy of a message that the caller can read to a conversation of theirs. What was forwarded before keeps its first
 * author. Throws `not_found` for either, `message_deleted`, and as the writer does.
 */
export async function forwardMessage(
  context: { db: Kysely<Database>; writer: MessageWriter },
  forward: Forward
): Promise<{ message: Message; replay: boolean }> {
  const { user, conversation_id, from, client_id } = forward
  const earlier = client_id === undefined ? undefined : await findRepeat(context.db, forward, client_id)
  if (earlier) return { message: earlier, replay: true }
  const source = await findSource(context.db, forward)
  if (source instanceof ProblemError) {
    const meanwhile = client_id === undefined ? undefined : await refuse(context.db, forward, client_id)
    if (!meanwhile) throw source
    return { message: meanwhile, replay: true }
  }
  const origin = source.forwarded_from ?? { ...from, sender: source.sender }
  const files_of = source.attachments ? from.message_id : undefined
  const forward_of = { asked: from, origin }
  const copy = { user, conversation_id, body: source.body, client_id, forward: forward_of, files_of }
  const sent = await sendMessage(context, copy)
  // Whoever forwards sees where it is from, unlike what all receive.
  return sent.replay ? sent : { ...sent, message: { ...sent.message, forwarded_from: origin } }
}

/** What is to be copied, or why it cannot be. */
async function findSource(
  db: Kysely<Database>,
  { user, from }: Forward
): Promise<(Message & { body: string }) | ProblemError> {
  const source = await findReadable(db, { user_id: user.id, ...from })
  if (!source) return new ProblemError('not_found')
  const { body } = source
  return body === null ? new ProblemError('message_deleted') : { ...source, body }
}

/** Makes a refusal the last word on its key, as `write_messages` does with its own; or finds what another attempt stored meanwhile. */
function refuse(db: Kysely<Database>, forward: Forward, client_id: string): Promise<Message | undefined> {
  const { user, conversation_id } = forward
  return db.transaction().execute(async (tx) => {
    await tx.selectFrom('conversations').select('id').where('id', '=', conversation_id).forUpdate().execute()
    const meanwhile = await findRepeat(tx, forward, client_id)
    if (meanwhile) return meanwhile
    await sql`select refuse_sends(${[conversation_id]}, ${[user.id]}, ${[client_id]})`.execute(tx)
    return undefined
  })
}

/** What the same key sent before, whatever became of the source since. */
async function findRepeat(
  db: Kysely<Database>,
  { user, conversation_id, from }: Forward,
  client_id: string
): Promise<Message | undefined> {
  const sent = await findSent(db, { conversation_id, sender_id: user.id, client_id })
  if (!sent) return undefined
  if (!sent.request_hash?.equals(contentHash({ forward: { asked: from } }))) {
    throw new ProblemError('idempotency_conflict')
  }
  return await replayOf(db, { user, conversation_id, message_id: sent.id })
}
