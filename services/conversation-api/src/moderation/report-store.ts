import { randomUUIDv7 } from 'node:crypto'
import { isId, type Report } from '@parley/contracts'
import type { Kysely } from 'kysely'
import type { Database } from '../database/database.ts'
import { selectMessages } from '../messages/message-store.ts'
import { toMessage } from '../messages/message-view.ts'
import { decodeCursor, toPage } from '../paging/page-cursor.ts'

export interface NewReportRow {
  conversation_id: string
  message_id: string
  reporter_id: string
  reason: string
}

/** The id of this person's report of the message, and whether it is a new one: whoever reports again changes nothing. */
export async function insertReport(
  db: Kysely<Database>,
  report: NewReportRow
): Promise<{ id: string; created: boolean }> {
  const id = randomUUIDv7()
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('reports')
    .values({ id, ...report, resolution: null, resolved_by: null, resolved_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 1n) return { id, created: true }
  const earlier = await db
    .selectFrom('reports')
    .select('id')
    .where('message_id', '=', report.message_id)
    .where('reporter_id', '=', report.reporter_id)
    .executeTakeFirstOrThrow()
  return { id: earlier.id, created: false }
}

export interface ReportListing {
  /** Of one conversation; of all without it. */
  conversation_id?: string
  limit: number
  cursor?: string | undefined
}

/** Open reports, the oldest first. */
export async function listOpenReports(
  db: Kysely<Database>,
  { conversation_id, limit, cursor }: ReportListing
): Promise<{ items: Report[]; next_cursor: string | null }> {
  const [after] = decodeCursor(cursor, isReportCursor) ?? []
  let query = selectReports(db)
    .innerJoin('conversations as c', 'c.id', 'r.conversation_id')
    .where('c.deleted_at', 'is', null)
    .where('r.resolved_at', 'is', null)
  if (conversation_id !== undefined) query = query.where('r.conversation_id', '=', conversation_id)
  if (after !== undefined) query = query.where('r.id', '>', after)
  const rows = await query
    .orderBy('r.id')
    .limit(limit + 1)
    .execute()
  return toPage(rows, limit, { item: toReport, cursor: ({ report_id }) => [report_id] })
}

function isReportCursor(value: unknown): value is [string] {
  return Array.isArray(value) && value.length === 1 && isId(value[0])
}

export async function loadReport(db: Kysely<Database>, report_id: string): Promise<Report> {
  return toReport(await selectReports(db).where('r.id', '=', report_id).executeTakeFirstOrThrow())
}

/** Which message a report is about. */
export function findReported(
  db: Kysely<Database>,
  report_id: string
): Promise<{ conversation_id: string; message_id: string } | undefined> {
  return db
    .selectFrom('reports')
    .select(['conversation_id', 'message_id'])
    .where('id', '=', report_id)
    .executeTakeFirst()
}

/** Settles the open reports of a message. */
export async function settleReports(
  db: Kysely<Database>,
  message_id: string,
  how: { resolution: 'dismissed' | 'removed'; resolved_by: string; resolved_at: Date }
): Promise<void> {
  await db
    .updateTable('reports')
    .set(how)
    .where('message_id', '=', message_id)
    .where('resolved_at', 'is', null)
    .execute()
}

function selectReports(db: Kysely<Database>) {
  return selectMessages(db)
    .innerJoin('reports as r', 'r.message_id', 'm.id')
    .innerJoin('users as w', 'w.id', 'r.reporter_id')
    .select(['r.id as report_id', 'r.reason', 'r.created_at as reported_at', 'r.resolution', 'r.resolved_at'])
    .select(['w.id as reporter_id', 'w.username as reporter', 'w.display_name as reporter_name'])
}

type ReportRow = Awaited<ReturnType<ReturnType<typeof selectReports>['executeTakeFirstOrThrow']>>

function toReport(row: ReportRow): Report {
  return {
    id: row.report_id,
    message: toMessage(row),
    reporter: { id: row.reporter_id, username: row.reporter, display_name: row.reporter_name },
    reason: row.reason,
    created_at: row.reported_at.toISOString(),
    resolution: row.resolution,
    resolved_at: row.resolved_at?.toISOString() ?? null
  }
}
