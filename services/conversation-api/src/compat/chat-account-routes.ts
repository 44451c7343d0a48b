import { Credentials, Registration, SignedIn } from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { register, signIn } from '../accounts/sign-in.ts'
import { originOf } from '../accounts/sign-in-routes.ts'

const tags = ['second dialect']

// Old clients send more than is asked for.
const ChatCredentials = Type.Object(Credentials.properties, { title: 'ChatCredentials' })
const ChatRegistration = Type.Object(Registration.properties, { title: 'ChatRegistration' })

/** Signing in as the second seed's clients do: for everyone. */
export async function chatAccountRoutes(app: ServiceInstance): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })

  app.post(
    '/login',
    {
      schema: {
        operationId: 'chatLogin',
        summary: 'Sign in; the session is in a cookie',
        tags,
        body: ChatCredentials,
        response: { 200: SignedIn }
      }
    },
    async (request, reply) => {
      const { account, token } = await signIn(app, request.body, originOf(request))
      return reply.setSessionCookie(token).send({ user: account.user })
    }
  )

  app.post(
    '/register',
    {
      schema: {
        operationId: 'chatRegister',
        summary: 'Make an account and sign in',
        tags,
        body: ChatRegistration,
        response: { 201: SignedIn }
      }
    },
    async (request, reply) => {
      const { account, token } = await register(app, request.body, originOf(request))
      return reply.code(201).setSessionCookie(token).send({ user: account.user })
    }
  )
}
