import cookie from '@fastify/cookie'
import { limits } from '@parley/contracts'
import { sessionCookieName } from '@parley/service-kit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyRequest {
    /** The token in the session cookie, whether or not it is worth anything. */
    readonly sessionCookie: string | undefined
  }
  interface FastifyReply {
    setSessionCookie(token: string): FastifyReply
    clearSessionCookie(): FastifyReply
  }
}

/** Browsers keep the session here. Over TLS the name's prefix makes them refuse one that another host or http planted. */
export const sessionCookie = fp<{ secure: boolean }>(
  async (app: FastifyInstance, { secure }) => {
    const name = sessionCookieName(secure)
    const attributes = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const
    await app.register(cookie)
    app.decorateRequest('sessionCookie', {
      getter(this: FastifyRequest) {
        return this.cookies[name]
      }
    })
    app.decorateReply('setSessionCookie', function (this: FastifyReply, token: string) {
      return this.setCookie(name, token, { ...attributes, maxAge: limits.session_ms / 1000 })
    })
    app.decorateReply('clearSessionCookie', function (this: FastifyReply) {
      return this.clearCookie(name, attributes)
    })
  },
  { name: 'session-cookie' }
)
