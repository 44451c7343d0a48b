import { type Problem, type ProblemCode, ProblemError, fieldErrors } from '@parley/contracts'
import type {
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifySchemaValidationError
} from 'fastify'
import fp from 'fastify-plugin'
import { createRouteTable } from './route-table.ts'

/** How many of a request's mistakes are listed in its answer. */
const MAX_FIELD_ERRORS = 20

/** Pointers into the body stand alone; those into other parts begin with the part's name. */
const partPrefix: Record<string, string> = {
  body: '',
  querystring: '/query',
  params: '/params',
  headers: '/headers'
}

const frameworkCodes: Record<string, ProblemCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid_json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid_json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad_request',
  FST_ERR_BAD_URL: 'bad_request',
  // A name longer than any of ours names nothing.
  FST_ERR_MAX_PARAM_LENGTH: 'not_found'
}

/**
 * Answers every failure as `application/problem+json`: declared ones as they are, Fastify's own under our codes, unknown ones
 * as 500 `internal`, logged once. An unknown path is 404, a known one under a method it does not take 405. `createService`
 * installs it.
 */
export const problemsPlugin = fp(
  (app: FastifyInstance, _options, done) => {
    const routes = createRouteTable()
    app.addHook('onRoute', ({ method, url }) => {
      // Preflights are taken at every address, also where nothing is.
      if (url !== '*') routes.add(method, url)
    })
    app.setErrorHandler(answerFailure)
    app.setNotFoundHandler((request, reply) => {
      const allowed = routes.methodsOf(request.url.split('?', 1)[0] ?? '')
      if (allowed.length === 0) return sendProblem(reply, new ProblemError('not_found'))
      reply.header('allow', allowed.join(', '))
      return sendProblem(reply, new ProblemError('method_not_allowed'))
    })
    done()
  },
  { name: 'problems' }
)

/** Answers one failed request; also what Fastify calls for a URL it cannot read. */
export function answerFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblemError(error)
  if (problem.code === 'internal') request.log.error({ err: error, req: request }, 'request failed')
  return sendProblem(reply, problem)
}

function sendProblem(reply: FastifyReply, error: ProblemError): FastifyReply {
  const { retry_after_ms } = error.extras
  if (retry_after_ms !== undefined) reply.header('retry-after', Math.max(1, Math.ceil(retry_after_ms / 1000)))
  // A string is sent as it is: the route's response schemas are not asked, so a problem cannot fail to serialise.
  return reply
    .code(error.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(error.toProblem()))
}

function toProblemError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  if (!(error instanceof Error)) return new ProblemError('internal')
  const { code, statusCode, validation, validationContext } = error as Partial<FastifyError>
  if (validation) {
    const errors = locate(validation, validationContext)
    return new ProblemError('validation_failed', { errors })
  }
  const known = frameworkCodes[code ?? '']
  if (known) return new ProblemError(known)
  // What is left of Fastify's JSON parsing are syntax errors and forbidden keys such as __proto__.
  if (error instanceof SyntaxError && statusCode === 400) return new ProblemError('invalid_json')
  if (code?.startsWith('FST_ERR_') && statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new ProblemError('bad_request')
  return new ProblemError('internal')
}

function locate(
  validation: FastifySchemaValidationError[],
  part: string | undefined
): NonNullable<Problem['errors']> {
  const prefix = partPrefix[part ?? ''] ?? ''
  return fieldErrors(validation.slice(0, MAX_FIELD_ERRORS)).map(({ pointer, reason }) => ({
    pointer: prefix + pointer,
    reason
  }))
}
