import {
  Ban,
  BanPage,
  limits,
  NewBan,
  NewReport,
  PageQuery,
  ProblemError,
  Report,
  ReportPage,
  ReportResolution
} from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { findMember } from '../members/member-store.ts'
import { findMessage, headFor } from '../messages/message-store.ts'
import { ban, unban } from './ban-mutations.ts'
import { listBans } from './ban-store.ts'
import { insertReport, listOpenReports, loadReport } from './report-store.ts'
import { resolveReport } from './resolve-report.ts'

const InConversation = Type.Object({ conversation_id: Type.String() })
const OnMessage = Type.Object({ conversation_id: Type.String(), message_id: Type.String() })
const OnReport = Type.Object({ conversation_id: Type.String(), report_id: Type.String() })
const OnUser = Type.Object({ conversation_id: Type.String(), user_id: Type.String() })
const tags = ['moderation']

/** Reports and bans, below `/conversations/{conversation_id}`; for signed-in callers only. */
export async function moderationRoutes(app: ServiceInstance): Promise<void> {
  app.post(
    '/messages/:message_id/reports',
    {
      schema: {
        operationId: 'reportMessage',
        summary: 'Tell the admins that a message should not be there. 200: I did before',
        tags,
        params: OnMessage,
        body: NewReport,
        response: { 200: Report, 201: Report }
      }
    },
    async ({ params, body: { reason }, session }, reply) => {
      const reporter_id = session.user.id
      const message = await findMessage(app.db, { ...params, user_id: reporter_id })
      if (message.deleted_at !== null) throw new ProblemError('message_deleted')
      const { id, created } = await insertReport(app.db, { ...params, reporter_id, reason })
      return reply.code(created ? 201 : 200).send(await loadReport(app.db, id))
    }
  )

  app.get(
    '/reports',
    {
      schema: {
        operationId: 'listReports',
        summary: 'Open reports, the oldest first; owners and admins may',
        tags,
        params: InConversation,
        querystring: PageQuery,
        response: { 200: ReportPage }
      }
    },
    async ({ params, query: { limit = limits.page, cursor }, session }) => {
      await requireRole(params.conversation_id, session.user.id)
      return listOpenReports(app.db, { ...params, limit, cursor })
    }
  )

  app.post(
    '/reports/:report_id/resolve',
    {
      schema: {
        operationId: 'resolveReport',
        summary: 'Settle all reports of a message; `removed` deletes it. Owners and admins may',
        tags,
        params: OnReport,
        body: ReportResolution,
        response: { 200: Report }
      }
    },
    async ({ params, body, session, idempotencyKey: key }, reply) => {
      const resolving = { ...params, ...body, user_id: session.user.id, key }
      const { report, replay } = await resolveReport(app, resolving)
      return reply.replayed(replay).send(report)
    }
  )

  app.get(
    '/bans',
    {
      schema: {
        operationId: 'listBans',
        summary: 'Who is banned; owners and admins may',
        tags,
        params: InConversation,
        querystring: PageQuery,
        response: { 200: BanPage }
      }
    },
    async ({ params, query: { limit = limits.page, cursor }, session }) => {
      await requireRole(params.conversation_id, session.user.id)
      return listBans(app.db, { ...params, limit, cursor })
    }
  )

  app.put(
    '/bans/:user_id',
    {
      schema: {
        operationId: 'ban',
        summary: 'Keep someone out of a group, for a time or for good; a member is removed',
        tags,
        params: OnUser,
        body: NewBan,
        response: { 200: Ban }
      }
    },
    async ({ params, body, session, idempotencyKey: key }, reply) => {
      const made = await ban(app, { ...params, ...body, caller_id: session.user.id, key })
      return reply.replayed(made.replay).send(made.ban)
    }
  )

  app.delete(
    '/bans/:user_id',
    {
      schema: {
        operationId: 'unban',
        summary: 'Let someone in again',
        tags,
        params: OnUser,
        response: { 204: Type.Null() }
      }
    },
    async ({ params, session, idempotencyKey: key }, reply) => {
      const { replay } = await unban(app, { ...params, caller_id: session.user.id, key })
      return reply.code(204).replayed(replay).send(null)
    }
  )

  async function requireRole(conversation_id: string, user_id: string): Promise<void> {
    await headFor(app.db, user_id, conversation_id)
    const member = await findMember(app.db, conversation_id, user_id)
    if (!member || member.role === 'member') throw new ProblemError('forbidden')
  }
}
