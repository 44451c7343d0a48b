import type { Kysely } from 'kysely'
import type pg from 'pg'
import { readRoom } from '../../src/changes/change-feed.ts'
import { listConversations } from '../../src/conversations/conversation-store.ts'
import { listPublicConversations } from '../../src/conversations/public-conversation-store.ts'
import type { Database } from '../../src/database/database.ts'
import { listMembers } from '../../src/members/member-store.ts'
import { listVersions } from '../../src/messages/edit-history-store.ts'
import { findMessage, listMessages } from '../../src/messages/message-store.ts'
import { listPins } from '../../src/messages/pin-store.ts'
import { readInbox } from '../../src/notifications/inbox-store.ts'
import { listThreads, readThread } from '../../src/threads/thread-store.ts'
import type { LargeDatabase } from './large-database.ts'

type Backend = { db: Kysely<Database>; pool: pg.Pool }

/** The first page of everything that is listed, as the routes ask for it. */
export function firstPages({ user_id, conversation_id, root_id }: LargeDatabase) {
  const on = { user_id, conversation_id, limit: 50 }
  const users = [user_id]
  return {
    conversations: ({ db }: Backend) => listConversations(db, user_id, { limit: 50 }),
    'public groups': ({ db }: Backend) => listPublicConversations(db, user_id, { limit: 50 }),
    'messages, the newest': ({ db }: Backend) => listMessages(db, on),
    'messages, from the first': ({ db }: Backend) => listMessages(db, { ...on, after: 0 }),
    'messages, in the middle': ({ db }: Backend) => listMessages(db, { ...on, before: 50_000 }),
    members: ({ db }: Backend) => listMembers(db, on),
    'changes, from the first': ({ pool }: Backend) =>
      readRoom(pool, { conversation_id, since: 0, limit: 100, users }),
    'changes, in the middle': ({ pool }: Backend) =>
      readRoom(pool, { conversation_id, since: 50_000, limit: 100, users }),
    'changes, the latest': ({ pool }: Backend) =>
      readRoom(pool, { conversation_id, since: 100_000, limit: 100, users }),
    inbox: ({ db }: Backend) => readInbox(db, user_id, { limit: 50 }),
    pins: ({ db }: Backend) => listPins(db, on),
    threads: ({ db }: Backend) => listThreads(db, on),
    'a thread': ({ db }: Backend) => readThread(db, { ...on, message_id: root_id }),
    'what a message said before': ({ db }: Backend) => listVersions(db, { ...on, message_id: root_id }),
    'one message': ({ db }: Backend) => findMessage(db, { ...on, message_id: root_id })
  } satisfies Record<string, (backend: Backend) => Promise<unknown>>
}
