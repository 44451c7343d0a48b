import { encodeControl, type ThreadReadState, userSubject } from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import type { Kysely } from 'kysely'
import type { Database } from '../database/database.ts'
import { headFor } from '../messages/message-store.ts'
import { findRoot, moveReadSeq, type OnThread, readState } from './thread-store.ts'

/**
 * Moves my read position in a thread forward, never back and never beyond the head, and tells my other devices. That of the
 * conversation is another. Throws `not_found`.
 */
export async function markThreadRead(
  { db, bus }: { db: Kysely<Database>; bus: EventBus },
  { seq, ...on }: OnThread & { seq: number }
): Promise<ThreadReadState> {
  const { user_id, conversation_id, message_id: thread_id } = on
  const head = await headFor(db, user_id, conversation_id)
  await findRoot(db, on)
  const moved = await moveReadSeq(db, { ...on, seq: Math.min(seq, head) })
  const state = await readState(db, on)
  if (moved) {
    const read = { type: 'thread_read', conversation_id, thread_id, read_seq: state.read_seq } as const
    bus.publish(userSubject(user_id), encodeControl(read))
  }
  return { conversation_id, thread_id, ...state }
}
