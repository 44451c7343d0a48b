import type { NewSend } from './message-writer.ts'

/** One send of a batch. */
export interface Item {
  id: string
  hash: Buffer | null
  send: NewSend
  /** Usernames that the text mentions. */
  names: string[]
}

export type Outcome =
  | 'created'
  | 'replay'
  | 'conflict'
  | 'not_found'
  | 'refused'
  | 'reply_not_found'
  | 'reply_deleted'
  | 'thread_not_found'
  | 'thread_deleted'

/** Item n of a batch is answered by the n-th of each. */
export interface Written {
  outcomes: Outcome[]
  /** What a repeated client_id sent before. */
  message_ids: (string | null)[]
  /** Of created messages. */
  seqs: (number | null)[]
  sent_at: Date
  /** Whom the items mention, by their place from 1 on. */
  mentions?: Record<string, string[]> | null
}

/**
 * The statement that writes a batch. One in which any item has more than a text is another: all others pay nothing for threads,
 * mentions and copies.
 */
export function writeCall(batch: readonly Item[]): { name: string; text: string; values: unknown[] } {
  const values = [
    batch.map(({ id }) => id),
    batch.map(({ send }) => send.conversation_id),
    batch.map(({ send }) => send.user.id),
    batch.map(({ send }) => send.body),
    batch.map(({ send }) => send.client_id ?? null),
    batch.map(({ hash }) => hash),
    batch.map(({ send }) => send.reply_to_id ?? null)
  ]
  return batch.some(isRich) ? richCall(batch, values) : { ...PLAIN, values }
}

const PLAIN = { name: 'write_messages', text: 'select * from write_messages($1, $2, $3, $4, $5, $6, $7)' }
const RICH = {
  name: 'write_rich_messages',
  text: 'select * from write_rich_messages($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)'
}

function isRich({ send, names }: Item): boolean {
  return names.length > 0 || send.forward !== undefined || (send.thread_id ?? null) !== null
}

function richCall(batch: readonly Item[], plain: unknown[]) {
  const origins = batch.map(({ send }) => send.forward?.origin)
  const mentions = batch.flatMap(({ names }, n) => names.map((name) => ({ item: n + 1, name })))
  return {
    ...RICH,
    values: [
      ...plain,
      batch.map(({ send }) => send.thread_id ?? null),
      origins.map((origin) => origin?.conversation_id ?? null),
      origins.map((origin) => origin?.message_id ?? null),
      origins.map((origin) => origin?.sender.id ?? null),
      mentions.map(({ item }) => item),
      mentions.map(({ name }) => name)
    ]
  }
}
