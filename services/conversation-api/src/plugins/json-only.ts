import { ProblemError } from '@parley/contracts'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/**
 * Bodies are JSON, and an empty one is none at all, whatever its content type. Anything else is 415: a form of another site
 * cannot send JSON without asking first.
 */
export const jsonOnly = fp(
  (app: FastifyInstance, _options, done) => {
    const parse = app.getDefaultJsonParser('error', 'error')
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, parsed) => {
      if (body.length === 0) parsed(null, undefined)
      else void parse(request, body.toString(), parsed)
    })
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => {
      if (body.length === 0) parsed(null, undefined)
      else parsed(new ProblemError('unsupported_media_type'))
    })
    done()
  },
  { name: 'json-only' }
)
