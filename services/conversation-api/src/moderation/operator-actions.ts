import type { Writable } from 'node:stream'
import type { EventBus } from '@parley/event-bus'
import type { Kysely } from 'kysely'
import type { LineContext } from '../changes/conversation-line.ts'
import type { Database } from '../database/database.ts'
import { findUserId, setAdmin, writeAudit } from './admin-store.ts'
import { eraseTraces, requestErasure } from './erase-user.ts'
import { exportUser } from './export-store.ts'

// What an operator does from the command line. Each is false where there is no such user, and is noted without an actor.

export function grantAdmin(context: { db: Kysely<Database> }, username: string): Promise<boolean> {
  return changeAdmin(context, username, true)
}

export function revokeAdmin(context: { db: Kysely<Database> }, username: string): Promise<boolean> {
  return changeAdmin(context, username, false)
}

function changeAdmin({ db }: { db: Kysely<Database> }, username: string, admin: boolean): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const user_id = await setAdmin(tx, username, admin)
    if (user_id === undefined) return false
    await writeAudit(tx, { actor_id: null, action: admin ? 'admin.grant' : 'admin.revoke', user_id })
    return true
  })
}

/** Erases everything of a user before it resolves. */
export async function eraseUser(
  context: LineContext & { bus: EventBus },
  username: string
): Promise<boolean> {
  const user_id = await findUserId(context.db, username)
  if (user_id === undefined) return false
  await requestErasure(context, { user_id, actor_id: null })
  await eraseTraces(context, user_id)
  return true
}

/** Writes everything that is kept of a user. */
export function exportTo(output: Writable) {
  return async ({ db }: { db: Kysely<Database> }, username: string): Promise<boolean> => {
    const user_id = await findUserId(db, username)
    const pieces = user_id && (await exportUser(db, user_id))
    if (!user_id || !pieces) return false
    await writeAudit(db, { actor_id: null, action: 'user.export', user_id })
    for await (const piece of pieces) {
      if (!output.write(piece)) await new Promise((resolve) => output.once('drain', resolve))
    }
    return true
  }
}
