import { limits, ProblemError } from '@parley/contracts'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { TokenBuckets } from './token-buckets.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Counts one send of this user over REST. Throws `rate_limited` with `retry_after_ms`. */
    takeSendToken(user_id: string): void
  }
}

/** At most 20 sends a second and user, 40 at once; each instance counts for itself. */
export const sendLimit = fp<{ enabled: boolean }>(
  (app: FastifyInstance, { enabled }, done) => {
    const buckets = new TokenBuckets({ per_second: limits.sends_per_second, burst: limits.sends_burst })
    app.decorate('takeSendToken', (user_id: string) => {
      const retry_after_ms = enabled ? buckets.take(user_id) : 0
      if (retry_after_ms > 0) throw new ProblemError('rate_limited', { retry_after_ms })
    })
    done()
  },
  { name: 'send-limit' }
)
