import { randomUUIDv7 } from 'node:crypto'
import {
  type Conversation,
  type DurableEvent,
  type NewConversation,
  ProblemError,
  type Role,
  type User
} from '@parley/contracts'
import type { EventBus } from '@parley/event-bus'
import { sql, type Transaction } from 'kysely'
import { ConversationLine, type ConversationRow, type LineContext } from '../changes/conversation-line.ts'
import type { Database } from '../database/database.ts'
import { addToLine } from '../members/add-to-line.ts'
import { whoBlocked } from '../notifications/block-store.ts'
import { oncePerKey } from '../requests/once-per-key.ts'
import { announceRooms } from '../users/rooms-changed.ts'
import { bumpRoomsVersions, findUsers, type RoomsVersion } from '../users/user-store.ts'
import { findConversation } from './conversation-store.ts'

export interface Creation {
  user: User
  conversation: NewConversation
  /** The idempotency key, if the caller gave one. */
  key?: string | undefined
}

interface Made {
  conversation_id: string
  created: boolean
}

/**
 * Makes a conversation of the caller and the named members; a direct one of the same two people is returned, not doubled.
 * Throws `validation_failed`, `idempotency_conflict`.
 */
export async function createConversation(
  context: LineContext & { bus: EventBus },
  { user, conversation: wanted, key }: Creation
): Promise<{ conversation: Conversation; created: boolean; replay: boolean }> {
  const announcements: { events: DurableEvent[]; versions: RoomsVersion[] } = { events: [], versions: [] }
  const mutation = { user_id: user.id, key, route: 'create conversation', body: wanted }
  const { result, replay } = await oncePerKey(context.db, mutation, async (tx): Promise<Made> => {
    const others = await othersOf(tx, user, wanted)
    const conversation = await insertConversation(tx, user, wanted, others)
    if (!conversation)
      return { conversation_id: await findDirect(tx, directKey(user, others)), created: false }
    await refuseBlocked(tx, user, wanted)
    const line = new ConversationLine(tx, conversation, conversation.created_at)
    const owner: Role = conversation.kind === 'direct' ? 'member' : 'owner'
    await addToLine(line, user.id, [
      { user, role: owner },
      ...others.map((other) => ({ user: other, role: 'member' as const }))
    ])
    announcements.versions = await bumpRoomsVersions(tx, [user.id, ...others.map(({ id }) => id)])
    announcements.events = await line.finish()
    return { conversation_id: conversation.id, created: true }
  })
  context.relay.push(announcements.events)
  announceRooms(context.bus, announcements.versions)
  const conversation = await findConversation(context.db, user.id, result.conversation_id)
  return { conversation, created: result.created && !replay, replay }
}

/** Everyone but the caller, in the order asked for. */
async function othersOf(tx: Transaction<Database>, user: User, wanted: NewConversation): Promise<User[]> {
  const { kind = 'group', member_ids = [] } = wanted
  const ids = [...new Set(member_ids)].filter((id) => id !== user.id)
  const misplaced = (['title', 'description', 'public'] as const).find((name) => wanted[name] !== undefined)
  if (kind === 'direct' && misplaced) throw invalid(`/${misplaced}`, 'has no place in a direct conversation')
  if (kind === 'direct' && ids.length !== 1) throw invalid('/member_ids', 'must name exactly one other user')
  const found = await findUsers(tx, ids)
  const unknown = member_ids.findIndex((id) => id !== user.id && !found.has(id))
  if (unknown >= 0) throw invalid(`/member_ids/${unknown}`, 'is no user')
  return ids.flatMap((id) => found.get(id) ?? [])
}

/** Who blocked the caller is for it no user, as one who is disabled: absent and forbidden alike. */
async function refuseBlocked(
  tx: Transaction<Database>,
  user: User,
  { member_ids = [] }: NewConversation
): Promise<void> {
  const blockers = await whoBlocked(tx, user.id, member_ids)
  const refused = member_ids.findIndex((id) => blockers.has(id))
  if (refused >= 0) throw invalid(`/member_ids/${refused}`, 'is no user')
}

function invalid(pointer: string, reason: string): ProblemError {
  return new ProblemError('validation_failed', { errors: [{ pointer, reason }] })
}

/** Undefined where these two already have their direct conversation, also when it is made at this very moment. */
async function insertConversation(
  tx: Transaction<Database>,
  user: User,
  { kind = 'group', title, description, public: open = false }: NewConversation,
  others: User[]
): Promise<ConversationRow | undefined> {
  const now = sql<Date>`date_trunc('milliseconds', clock_timestamp())`
  return tx
    .insertInto('conversations')
    .values({
      id: randomUUIDv7(),
      kind,
      title: title ?? null,
      description: description ?? null,
      public: open,
      direct_key: kind === 'direct' ? directKey(user, others) : null,
      created_by: user.id,
      created_at: now,
      active_at: now,
      last_message_seq: null,
      deleted_at: null
    })
    .onConflict((conflict) => conflict.column('direct_key').doNothing())
    .returningAll()
    .executeTakeFirst()
}

async function findDirect(tx: Transaction<Database>, direct_key: string): Promise<string> {
  const { id } = await tx
    .selectFrom('conversations')
    .select('id')
    .where('direct_key', '=', direct_key)
    .executeTakeFirstOrThrow()
  return id
}

function directKey(user: User, others: User[]): string {
  return [user.id, ...others.map(({ id }) => id)].sort().join(' ')
}
