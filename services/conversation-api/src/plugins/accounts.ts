import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { createPasswordHasher, type PasswordHasher } from '../accounts/password-hasher.ts'

/** Logins and registrations in line for the hasher; about a second's worth. */
const WAITING = 32

declare module 'fastify' {
  interface FastifyInstance {
    readonly passwords: PasswordHasher
    /** Whether logins are counted. */
    readonly throttled: boolean
  }
}

/** What signing in needs beside the database. */
export const accountsPlugin = fp<{ rateLimits: boolean }>(
  (app: FastifyInstance, { rateLimits }, done) => {
    const waiting = rateLimits ? WAITING : Number.POSITIVE_INFINITY
    app.decorate('passwords', createPasswordHasher({ waiting }))
    app.decorate('throttled', rateLimits)
    done()
  },
  { name: 'accounts' }
)
