import { ProblemError } from '@parley/contracts'
import { answerFailure } from '@parley/service-kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isDatabaseTrouble } from '../database/database-trouble.ts'

/** An error handler that answers 503 while the database is in trouble, and leaves everything else to the others. */
export function answerTrouble(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!isDatabaseTrouble(error)) return answerFailure(error, request, reply)
  request.log.warn({ err: error, req: request }, 'database trouble')
  return answerFailure(new ProblemError('unavailable', { retry_after_ms: 1_000 }), request, reply)
}
