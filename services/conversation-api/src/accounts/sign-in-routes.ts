import { Credentials, Registration, SignedIn, Token } from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import type { FastifyRequest } from 'fastify'
import { type Origin, register, signIn } from './sign-in.ts'

const tags = ['accounts']

/** How a session begins: for everyone. */
export async function signInRoutes(app: ServiceInstance): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })

  app.post(
    '/auth/register',
    {
      schema: {
        operationId: 'register',
        summary: 'Make an account and sign in',
        tags,
        body: Registration,
        response: { 201: SignedIn }
      }
    },
    async (request, reply) => {
      const { account, token } = await register(app, request.body, originOf(request))
      return reply.code(201).setSessionCookie(token).send({ user: account.user })
    }
  )

  app.post(
    '/auth/login',
    {
      schema: {
        operationId: 'login',
        summary: 'Sign in; the session is in a cookie. A session that comes along ends',
        tags,
        body: Credentials,
        response: { 200: SignedIn }
      }
    },
    async (request, reply) => {
      const { account, token } = await signIn(app, request.body, originOf(request))
      return reply.setSessionCookie(token).send({ user: account.user })
    }
  )

  app.post(
    '/auth/token',
    {
      schema: {
        operationId: 'createToken',
        summary: 'Sign in without cookies: a bearer token',
        tags,
        body: Credentials,
        response: { 200: Token }
      }
    },
    async (request) => {
      const origin = { ...originOf(request), session: undefined }
      const { account, token, expires_at } = await signIn(app, request.body, origin)
      return { token, expires_at: expires_at.toISOString(), user: account.user }
    }
  )
}

/** Where a request that signs in comes from. */
export function originOf(request: FastifyRequest): Origin {
  return { address: request.ip, user_agent: request.headers['user-agent'], session: request.sessionCookie }
}
