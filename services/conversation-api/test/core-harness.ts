import { randomUUIDv7 } from 'node:crypto'
import type { DurableEvent, Role, User } from '@parley/contracts'
import { hashOfFolder, testDatabase } from '@parley/testing'
import { sql } from 'kysely'
import { type ConversationLine, lockLine } from '../src/changes/conversation-line.ts'
import { LineQueue } from '../src/changes/line-queue.ts'
import { type OpenDatabase, openDatabase } from '../src/database/database.ts'
import { migrate } from '../src/migrate.ts'
import { MessageWriter } from '../src/messages/message-writer.ts'

interface Teardown {
  teardown(end: () => unknown): void
}

/** A migrated database of the test's own. */
export async function database(t: Teardown): Promise<OpenDatabase & { url: string }> {
  const templateName = await hashOfFolder(new URL('../migrations', import.meta.url))
  const { url } = await testDatabase(t, {
    templateName,
    migrate: async (empty) => void (await migrate(empty))
  })
  const open = openDatabase(url)
  t.teardown(() => open.close())
  return { ...open, url }
}

/** The stores without HTTP: a relay that only remembers what was committed, a writer, and people. */
export async function core(t: Teardown) {
  const opened = await database(t)
  const { db, pool } = opened
  const published: DurableEvent[] = []
  const relay = { push: (events: readonly DurableEvent[]) => void published.push(...events) }
  const writer = new MessageWriter(pool, relay)
  const context = { ...opened, relay, writer, published, lines: new LineQueue() }

  async function person(username: string): Promise<User> {
    const user = { id: randomUUIDv7(), username, display_name: username.toUpperCase() }
    await db
      .insertInto('users')
      .values({ ...user, password_hash: 'none', disabled_at: null })
      .execute()
    return user
  }

  /** A group whose first member is its owner. */
  async function group(...users: [User, ...User[]]): Promise<string> {
    const id = randomUUIDv7()
    const at = new Date()
    const row = { id, kind: 'group' as const, title: null, direct_key: null, created_by: users[0].id }
    const rest = { created_at: at, active_at: at, last_message_seq: null, deleted_at: null }
    await db
      .insertInto('conversations')
      .values({ ...row, ...rest })
      .execute()
    for (const [n, user] of users.entries()) await add(id, user, n === 0 ? 'owner' : 'member')
    return id
  }

  /** A change by nobody in particular. */
  async function onLine<T>(
    conversation_id: string,
    work: (line: ConversationLine) => Promise<T>
  ): Promise<T> {
    const { result, events } = await db.transaction().execute(async (tx) => {
      const line = await lockLine(tx, conversation_id)
      return { result: await work(line), events: await line.finish() }
    })
    relay.push(events)
    return result
  }

  function add(conversation_id: string, user: User, role: Role = 'member'): Promise<number> {
    return onLine(conversation_id, async (line) => {
      const seq = line.next
      const member = { role, joined_seq: seq, changed_seq: seq, removed_at: null }
      await line.tx
        .insertInto('members')
        .values({ conversation_id, user_id: user.id, ...member })
        .onConflict((c) => c.columns(['conversation_id', 'user_id']).doUpdateSet(member))
        .execute()
      return line.append('member.added', user.id, user.id, {
        type: 'member_added',
        member: { user, role, joined_seq: seq, read_seq: 0 }
      })
    })
  }

  /** Removes a member; what `before_commit` awaits keeps the transaction open. */
  function remove(conversation_id: string, user: User, before_commit?: Promise<unknown>): Promise<number> {
    return onLine(conversation_id, async (line) => {
      const seq = line.next
      await line.tx
        .updateTable('members')
        .set({ removed_at: line.at, changed_seq: seq })
        .where('conversation_id', '=', conversation_id)
        .where('user_id', '=', user.id)
        .execute()
      await before_commit
      return line.append('member.removed', user.id, user.id, { type: 'member_removed', user_id: user.id })
    })
  }

  /** I1: the numbers of messages and changes are exactly 1..last_seq. */
  async function lineIsDense(conversation_id: string): Promise<boolean> {
    const { rows } = await sql<{ dense: boolean }>`
      select count(*) = max(c.last_seq) and count(distinct line.seq) = count(*) and min(line.seq) = 1
        and max(line.seq) = max(c.last_seq) as dense
      from conversations c, (
        select seq from messages where conversation_id = ${conversation_id}
        union all select seq from changes where conversation_id = ${conversation_id}
      ) line where c.id = ${conversation_id}
    `.execute(db)
    return rows[0]?.dense === true
  }

  return { ...context, person, group, add, remove, lineIsDense }
}
