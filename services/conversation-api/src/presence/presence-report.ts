import type { PresenceReply, PresenceReport } from '@parley/contracts'
import type { Kysely, Transaction } from 'kysely'
import type { Database } from '../database/database.ts'
import {
  beginLease,
  combineLeases,
  leasedUsers,
  lockPresence,
  presenceChanges,
  presenceHead,
  renewLease,
  writeLeases
} from './presence-store.ts'

/** How long a gateway that reports no more keeps its users here. */
export const LEASE_MS = 15_000
/** Changes in one answer; there are more in the next. */
const CHANGES = 200

/**
 * A gateway's report, about once a second: renews its lease and takes in what changed there. An answer of `known: false` says that
 * the lease had run out and everything must be told again; a report that comes later than a newer one changes nothing.
 */
export async function takePresence(
  { db }: { db: Kysely<Database> },
  report: PresenceReport
): Promise<PresenceReply> {
  const nothing_new = !report.full && Object.keys(report.users).length === 0
  const known = nothing_new
    ? (await renewLease(db, report.gateway_id, lease(report))) !== 'unknown'
    : await db.transaction().execute((tx) => apply(tx, report))
  if (report.since === null) return { known, head: await presenceHead(db), changes: [] }
  return { known, ...(await presenceChanges(db, report.since, CHANGES)) }
}

async function apply(tx: Transaction<Database>, report: PresenceReport): Promise<boolean> {
  const { gateway_id, full } = report
  await lockPresence(tx)
  const renewal = await renewLease(tx, gateway_id, lease(report))
  if (renewal === 'late') return true
  if (renewal === 'unknown' && !full) return false
  if (renewal === 'unknown') await beginLease(tx, gateway_id, lease(report))
  const users = { ...report.users }
  for (const user_id of full ? await leasedUsers(tx, gateway_id) : []) users[user_id] ??= 'offline'
  await writeLeases(tx, gateway_id, users)
  await combineLeases(tx, Object.keys(users))
  return true
}

function lease({ report }: PresenceReport) {
  return { report, ttl_ms: LEASE_MS }
}
