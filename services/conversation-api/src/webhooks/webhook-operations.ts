import { isId } from '@parley/contracts'
import type { Kysely } from 'kysely'
import type { Database } from '../database/database.ts'
import { addWebhook, listDead, listWebhooks, removeWebhook, replayLine, retryDead } from './webhook-store.ts'

export const webhookUsage = `webhook add <https URL> | list | remove <id> | dead <id> | retry <id>
       webhook replay <id> <conversation id> <since seq>`

/**
 * What an operator says about webhooks, in words, and the answer; undefined for words that mean nothing.
 *
 * @example
 * await operateWebhooks(db, ['replay', id, conversation_id, '0']) // '12 changes will be told again'
 */
export async function operateWebhooks(
  db: Kysely<Database>,
  [operation, subject = '', conversation_id = '', since = '']: readonly string[]
): Promise<string | undefined> {
  if (operation === 'list') return lines(await listWebhooks(db))
  if (operation === 'add') return isHttps(subject) ? lines([await addWebhook(db, subject)]) : undefined
  if (!isId(subject)) return undefined
  if (operation === 'remove') return (await removeWebhook(db, subject)) ? 'removed' : 'no such webhook'
  if (operation === 'dead') return lines(await listDead(db, subject))
  if (operation === 'retry') return `${await retryDead(db, subject)} will be tried again`
  if (operation !== 'replay' || !isId(conversation_id) || !/^\d{1,15}$/.test(since)) return undefined
  const count = await replayLine(db, { webhook_id: subject, conversation_id, since: Number(since) })
  return `${count} changes will be told again`
}

function isHttps(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:'
}

function lines(rows: readonly object[]): string {
  return rows.length === 0 ? 'none' : rows.map((row) => JSON.stringify(row)).join('\n')
}
