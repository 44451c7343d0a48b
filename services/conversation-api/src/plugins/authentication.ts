import { ProblemError, type User } from '@parley/contracts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { findSession } from '../accounts/session-store.ts'
import { bearerToken } from './bearer-token.ts'

interface CurrentSession {
  session_id: string
  user: User
  /** How the caller shows it. */
  via: 'cookie' | 'bearer'
}

declare module 'fastify' {
  interface FastifyRequest {
    signedIn: CurrentSession | null
    /** Who asks. Throws `unauthenticated` outside a scope that {@link requireSession} guards. */
    readonly session: CurrentSession
  }
  interface FastifyInstance {
    /** The onRequest hook of a scope for signed-in callers only. */
    requireSession(request: FastifyRequest, reply: FastifyReply): Promise<void>
  }
}

/**
 * Knows the caller by cookie or bearer token.
 *
 * @example
 * app.register(async (scope) => {
 *   scope.addHook('onRequest', scope.requireSession)
 *   scope.get('/me', async ({ session }) => session.user)
 * })
 */
export const authentication = fp(
  (app: FastifyInstance, _options, done) => {
    app.decorateRequest('signedIn', null)
    app.decorateRequest('session', {
      getter(this: FastifyRequest) {
        if (!this.signedIn) throw new ProblemError('unauthenticated')
        return this.signedIn
      }
    })
    app.decorate('requireSession', async (request: FastifyRequest, reply: FastifyReply) => {
      reply.header('cache-control', 'no-store')
      const bearer = bearerToken(request)
      const token = bearer ?? request.sessionCookie
      const found = token === undefined ? null : await findSession(app.pool, token)
      if (!found || token === undefined) throw new ProblemError('unauthenticated')
      const via = bearer === undefined ? 'cookie' : 'bearer'
      // The session was prolonged, so the browser must keep its cookie longer too.
      if (via === 'cookie' && found.prolonged) reply.setSessionCookie(token)
      request.signedIn = { session_id: found.session_id, user: found.user, via }
    })
    done()
  },
  { name: 'authentication', dependencies: ['backend', 'session-cookie'] }
)
