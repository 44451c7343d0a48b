import { ClientId, ProblemError, validator } from '@parley/contracts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyRequest {
    /** The `Idempotency-Key` of a mutation, if its caller gave one. Throws `validation_failed` for an unusable one. */
    readonly idempotencyKey: string | undefined
  }
  interface FastifyReply {
    /** Says whether this is the answer to a retry. */
    replayed(replay: boolean): FastifyReply
  }
}

const isKey = validator(ClientId)

export const idempotencyKey = fp(
  (app: FastifyInstance, _options, done) => {
    app.decorateRequest('idempotencyKey', {
      getter(this: FastifyRequest) {
        const key = this.headers['idempotency-key']
        if (key === undefined || isKey(key)) return key
        throw new ProblemError('validation_failed', {
          errors: [
            { pointer: '/headers/idempotency-key', reason: 'must be 1 to 200 visible ASCII characters' }
          ]
        })
      }
    })
    app.decorateReply('replayed', function (this: FastifyReply, replay: boolean) {
      return replay ? this.header('idempotent-replay', 'true') : this
    })
    done()
  },
  { name: 'idempotency-key' }
)
