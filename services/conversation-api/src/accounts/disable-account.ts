import type { EventBus } from '@parley/event-bus'
import type { Kysely } from 'kysely'
import type { Database } from '../database/database.ts'
import { setDisabled } from './account-store.ts'
import { endSessions } from './session-store.ts'
import { announceEnded } from './sign-in.ts'

/** Shuts an account and ends all its sessions, at once on every device. False where there is no such user. */
export async function disableAccount(
  { db, bus }: { db: Kysely<Database>; bus: EventBus },
  username: string
): Promise<boolean> {
  const ended = await db.transaction().execute(async (tx) => {
    const user_id = await setDisabled(tx, username, true)
    return user_id === undefined ? undefined : endSessions(tx, user_id)
  })
  if (ended) announceEnded(bus, ended)
  return ended !== undefined
}

/** Lets the user sign in again. False where there is no such user. */
export async function enableAccount({ db }: { db: Kysely<Database> }, username: string): Promise<boolean> {
  return (await setDisabled(db, username, false)) !== undefined
}
