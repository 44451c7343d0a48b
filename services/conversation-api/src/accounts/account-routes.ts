import { Id, PasswordChange, ProblemError, SessionList, SignedIn, Ticket } from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { oncePerKey } from '../requests/once-per-key.ts'
import { endSessions, issueTicket, listSessions } from './session-store.ts'
import { announceEnded, changePassword } from './sign-in.ts'

const tags = ['accounts']

/** One's own account and sessions; for signed-in callers only. What carries a secret takes no idempotency key. */
export async function accountRoutes(app: ServiceInstance): Promise<void> {
  app.get(
    '/auth/me',
    { schema: { operationId: 'me', summary: 'Who I am', tags, response: { 200: SignedIn } } },
    async ({ session }) => ({ user: session.user })
  )

  app.post(
    '/auth/logout',
    { schema: { operationId: 'logout', summary: 'End this session', tags, response: { 204: Type.Null() } } },
    async ({ session: { session_id, user } }, reply) => {
      announceEnded(app.bus, await endSessions(app.db, user.id, { only: session_id }))
      return reply.code(204).clearSessionCookie().send(null)
    }
  )

  app.post(
    '/auth/logout-all',
    {
      schema: {
        operationId: 'logoutAll',
        summary: 'End all my sessions, on every device',
        tags,
        response: { 204: Type.Null() }
      }
    },
    async ({ session }, reply) => {
      announceEnded(app.bus, await endSessions(app.db, session.user.id))
      return reply.code(204).clearSessionCookie().send(null)
    }
  )

  app.post(
    '/auth/password',
    {
      schema: {
        operationId: 'changePassword',
        summary: 'Change my password: ends all my other sessions and gives this one a new cookie',
        tags,
        body: PasswordChange,
        response: { 200: SignedIn }
      }
    },
    async ({ body, session, ip: address }, reply) => {
      const { user, session_id, via } = session
      const change = { ...body, username: user.username }
      const token = await changePassword(app, change, { session_id, via, address })
      if (token !== undefined) reply.setSessionCookie(token)
      return reply.send({ user })
    }
  )

  app.post(
    '/auth/ticket',
    {
      schema: {
        operationId: 'createTicket',
        summary: 'A ticket that opens one WebSocket within 30 seconds, as `?ticket=`',
        tags,
        response: { 200: Ticket }
      }
    },
    async ({ session }) => {
      const { ticket, expires_at } = await issueTicket(app.db, session.session_id)
      return { ticket, expires_at: expires_at.toISOString() }
    }
  )

  app.get(
    '/auth/sessions',
    {
      schema: {
        operationId: 'listSessions',
        summary: 'Where I am signed in',
        tags,
        response: { 200: SessionList }
      }
    },
    async ({ session }) => ({
      items: await listSessions(app.db, session.user.id, session.session_id),
      next_cursor: null
    })
  )

  app.delete(
    '/auth/sessions/:session_id',
    {
      schema: {
        operationId: 'endSession',
        summary: 'End one of my sessions',
        tags,
        params: Type.Object({ session_id: Id }),
        response: { 204: Type.Null() }
      }
    },
    async ({ params: { session_id }, session: { user }, idempotencyKey: key }, reply) => {
      const mutation = { user_id: user.id, key, route: `end session ${session_id}` }
      const { result, replay } = await oncePerKey(app.db, mutation, async (tx) => {
        const ended = await endSessions(tx, user.id, { only: session_id })
        if (ended.length === 0) throw new ProblemError('not_found')
        return ended
      })
      if (!replay) announceEnded(app.bus, result)
      return reply.code(204).replayed(replay).send(null)
    }
  )
}
