import { Readable } from 'node:stream'
import {
  AuditPage,
  Erasure,
  limits,
  PageQuery,
  ProblemError,
  Report,
  ReportPage,
  ReportResolution
} from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { isAdmin, listAudit, writeAudit } from './admin-store.ts'
import { requestErasure } from './erase-user.ts'
import { findErasure } from './erasure-store.ts'
import { exportUser } from './export-store.ts'
import { listOpenReports } from './report-store.ts'
import { resolveAnyReport } from './resolve-report.ts'

const OnUser = Type.Object({ user_id: Type.String() })
const tags = ['administration']

/** For admins of the deployment only: to everyone else these are forbidden. What they do is noted. */
export async function adminRoutes(app: ServiceInstance): Promise<void> {
  app.addHook('onRequest', async ({ session }) => {
    if (!(await isAdmin(app.db, session.user.id))) throw new ProblemError('forbidden')
  })

  app.get(
    '/reports',
    {
      schema: {
        operationId: 'listAllReports',
        summary: 'Open reports of all conversations, the oldest first',
        tags,
        querystring: PageQuery,
        response: { 200: ReportPage }
      }
    },
    ({ query: { limit = limits.page, cursor } }) => listOpenReports(app.db, { limit, cursor })
  )

  app.post(
    '/reports/:report_id/resolve',
    {
      schema: {
        operationId: 'resolveAnyReport',
        summary: 'Settle all reports of a message; `removed` deletes it',
        tags,
        params: Type.Object({ report_id: Type.String() }),
        body: ReportResolution,
        response: { 200: Report }
      }
    },
    async ({ params, body, session, idempotencyKey: key }, reply) => {
      const resolving = { ...params, ...body, user_id: session.user.id, key }
      const { report, replay } = await resolveAnyReport(app, resolving)
      return reply.replayed(replay).send(report)
    }
  )

  app.get(
    '/audit',
    {
      schema: {
        operationId: 'listAudit',
        summary: 'What admins and operators did, the newest first',
        tags,
        querystring: PageQuery,
        response: { 200: AuditPage }
      }
    },
    ({ query: { limit = limits.page, cursor } }) => listAudit(app.db, { limit, cursor })
  )

  app.get(
    '/users/:user_id/export',
    {
      schema: {
        operationId: 'exportUser',
        summary: 'Everything that is kept of one user, as one JSON object',
        tags,
        params: OnUser,
        response: { 200: Type.String({ description: 'The object, as it is read' }) }
      }
    },
    async ({ params: { user_id }, session }, reply) => {
      const pieces = await exportUser(app.db, user_id)
      if (!pieces) throw new ProblemError('not_found')
      await writeAudit(app.db, { actor_id: session.user.id, action: 'user.export', user_id })
      return reply
        .type('application/json; charset=utf-8')
        .header('content-disposition', `attachment; filename="${user_id}.json"`)
        .send(Readable.from(pieces) as never)
    }
  )

  app.post(
    '/users/:user_id/erasure',
    {
      schema: {
        operationId: 'eraseUser',
        summary: 'Erase everything that one user wrote and is known by; again tells how far it is',
        tags,
        params: OnUser,
        response: { 202: Erasure }
      }
    },
    async ({ params: { user_id }, session }, reply) => {
      if (!(await findErasure(app.db, user_id))) {
        if (!(await requestErasure(app, { user_id, actor_id: session.user.id }))) {
          throw new ProblemError('not_found')
        }
        app.erasures.wake()
      }
      const erasure = await findErasure(app.db, user_id)
      if (!erasure) throw new ProblemError('not_found')
      return reply.code(202).send(erasure)
    }
  )
}
