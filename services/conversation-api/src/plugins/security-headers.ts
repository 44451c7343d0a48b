import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** JSON is nothing to run, frame or sniff; the docs page, which has scripts, sets a policy of its own. */
export const securityHeaders = fp<{ secure: boolean }>(
  async (app: FastifyInstance, { secure }) => {
    await app.register(helmet, {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] }
      },
      strictTransportSecurity: secure ? { maxAge: 31_536_000 } : false,
      xFrameOptions: { action: 'deny' }
    })
  },
  { name: 'security-headers' }
)
