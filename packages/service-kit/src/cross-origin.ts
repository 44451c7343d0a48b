import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** Browsers ask again sooner where they have a limit of their own, such as Chrome's two hours. */
const PREFLIGHT_S = 86_400

/**
 * Lets scripts on pages of the allowed origins call this service and read its answers, with a token: the cookie is never taken from
 * another origin here. To all other origins nothing is said, which a browser takes for a no. Before anything that refuses requests,
 * so that a refusal can be read too.
 */
export const crossOrigin = fp<{ allowed: ReadonlySet<string> }>(
  async (app: FastifyInstance, { allowed }) => {
    await app.register(cors, {
      origin: async (origin: string | undefined) => origin !== undefined && allowed.has(origin),
      credentials: false,
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'last-event-id'],
      exposedHeaders: ['idempotent-replay', 'retry-after'],
      maxAge: PREFLIGHT_S
    })
  },
  { name: 'cross-origin' }
)
