import { ProblemError, type Report } from '@parley/contracts'
import type { ConversationLine, LineContext } from '../changes/conversation-line.ts'
import { mutateAsMember, mutateLine } from '../changes/member-mutation.ts'
import { leaveTombstone } from '../messages/message-mutations.ts'
import { headFor, loadMessage } from '../messages/message-store.ts'
import { isAdmin, writeAudit } from './admin-store.ts'
import { findReported, loadReport, settleReports } from './report-store.ts'

export interface Resolving {
  user_id: string
  report_id: string
  resolution: 'dismissed' | 'removed'
  key?: string | undefined
}

interface Resolved {
  report: Report
  replay: boolean
}

/** Settles a report as an admin of its conversation. Throws `not_found`, `forbidden`, `idempotency_conflict`. */
export async function resolveReport(
  context: LineContext,
  { conversation_id, ...resolving }: Resolving & { conversation_id: string }
): Promise<Resolved> {
  const mutation = mutationOf(resolving, conversation_id)
  const { replay } = await mutateAsMember(context, mutation, async (line, caller) => {
    if (caller.role === 'member') throw new ProblemError('forbidden')
    await settle(line, resolving)
    return {}
  })
  if (replay) await headFor(context.db, resolving.user_id, conversation_id)
  return { report: await loadReport(context.db, resolving.report_id), replay }
}

/** Settles any report, as an admin of the deployment. It goes into the audit log. Throws `not_found`, `idempotency_conflict`. */
export async function resolveAnyReport(context: LineContext, resolving: Resolving): Promise<Resolved> {
  const reported = await findReported(context.db, resolving.report_id)
  if (!reported) throw new ProblemError('not_found')
  const mutation = mutationOf(resolving, reported.conversation_id)
  const admit = async ({ tx }: ConversationLine, user_id: string) => {
    if (!(await isAdmin(tx, user_id))) throw new ProblemError('forbidden')
  }
  const { replay } = await mutateLine(context, mutation, admit, async (line) => {
    await settle(line, resolving)
    const action = resolving.resolution === 'removed' ? 'report.remove' : 'report.dismiss'
    await writeAudit(line.tx, { actor_id: resolving.user_id, action, ...reported })
    return {}
  })
  return { report: await loadReport(context.db, resolving.report_id), replay }
}

async function settle(line: ConversationLine, { user_id, report_id, resolution }: Resolving): Promise<void> {
  const reported = await findReported(line.tx, report_id)
  if (reported?.conversation_id !== line.conversation.id) throw new ProblemError('not_found')
  const message = await loadMessage(line.tx, reported.message_id)
  if (resolution === 'removed' && message.deleted_at === null) await leaveTombstone(line, message, user_id)
  await settleReports(line.tx, message.id, { resolution, resolved_by: user_id, resolved_at: line.at })
}

function mutationOf({ user_id, report_id, resolution, key }: Resolving, conversation_id: string) {
  return { user_id, conversation_id, key, route: `resolve report ${report_id}`, body: { resolution } }
}
