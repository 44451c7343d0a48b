import type { Message } from '@parley/contracts'
import type { Kysely, Transaction } from 'kysely'
import type { Database } from '../database/database.ts'
import { decodeCursor, toPage } from '../paging/page-cursor.ts'
import { headFor, selectMessages } from './message-store.ts'
import { toMessage } from './message-view.ts'

export async function countPins(tx: Transaction<Database>, conversation_id: string): Promise<number> {
  const { pins } = await tx
    .selectFrom('messages')
    .select(({ fn }) => fn.countAll<number>().as('pins'))
    .where('conversation_id', '=', conversation_id)
    .where('pinned_at', 'is not', null)
    .executeTakeFirstOrThrow()
  return pins
}

export async function setPinned(
  tx: Transaction<Database>,
  message_id: string,
  pin: { pinned_at: Date | null; changed_seq: number }
): Promise<void> {
  await tx.updateTable('messages').set(pin).where('id', '=', message_id).execute()
}

export interface PinListing {
  user_id: string
  conversation_id: string
  limit: number
  cursor?: string | undefined
}

/** The pinned messages, the latest pin first. Throws `not_found` for outsiders. */
export async function listPins(
  db: Kysely<Database>,
  { user_id, conversation_id, limit, cursor }: PinListing
): Promise<{ items: Message[]; next_cursor: string | null }> {
  await headFor(db, user_id, conversation_id)
  const after = decodeCursor(cursor, isPinCursor)
  const rows = await selectMessages(db, user_id)
    .select('m.pinned_at')
    .where('m.conversation_id', '=', conversation_id)
    .where('m.pinned_at', 'is not', null)
    .$if(after !== undefined, (query) =>
      query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('m.pinned_at', 'm.seq'), '<', tuple(new Date(after?.[0] ?? 0), after?.[1] ?? 0))
      )
    )
    .orderBy('m.pinned_at', 'desc')
    .orderBy('m.seq', 'desc')
    .limit(limit + 1)
    .execute()
  return toPage(rows, limit, {
    item: toMessage,
    cursor: ({ pinned_at, seq }) => [pinned_at?.getTime() ?? 0, seq]
  })
}

function isPinCursor(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isSafeInteger)
}
