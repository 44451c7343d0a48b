import { ProblemError } from '@parley/contracts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { bearerToken } from './bearer-token.ts'

const readOnly: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses changes that another site asks for in a signed-in browser: the Origin must be on the list, exactly. Only a request
 * that does not lean on the cookie may come without one.
 */
export const originGuard = fp<{ allowed: ReadonlySet<string> }>(
  (app: FastifyInstance, { allowed }, done) => {
    app.addHook('onRequest', async (request) => {
      if (readOnly.has(request.method)) return
      const { origin } = request.headers
      const passes = origin === undefined ? !leansOnCookie(request) : allowed.has(origin)
      if (!passes) throw new ProblemError('origin_forbidden')
    })
    done()
  },
  { name: 'origin-guard', dependencies: ['session-cookie'] }
)

function leansOnCookie(request: FastifyRequest): boolean {
  return request.sessionCookie !== undefined && bearerToken(request) === undefined
}
