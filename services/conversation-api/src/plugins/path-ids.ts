import { isId, ProblemError } from '@parley/contracts'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** An id in a path that cannot be one names nothing: 404, as for any other that the caller may not see. */
export const pathIds = fp(
  (app: FastifyInstance, _options, done) => {
    app.addHook('preValidation', async ({ params }) => {
      for (const [name, value] of Object.entries(params ?? {})) {
        if (name.endsWith('_id') && !isId(value)) throw new ProblemError('not_found')
      }
    })
    done()
  },
  { name: 'path-ids' }
)
