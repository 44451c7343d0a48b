import { Id, ProblemError, User, UserList, UserQuery } from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { findUser, searchUsers } from './user-store.ts'

const tags = ['users']

/** Finding people to talk to; for signed-in callers only. */
export async function userRoutes(app: ServiceInstance): Promise<void> {
  app.get(
    '/users',
    {
      schema: {
        operationId: 'searchUsers',
        summary: 'Users whose username or display name begins with `q`, at most 20',
        tags,
        querystring: UserQuery,
        response: { 200: UserList }
      }
    },
    async ({ query }) => ({ items: await searchUsers(app.db, query.q), next_cursor: null })
  )

  app.get(
    '/users/:user_id',
    {
      schema: {
        operationId: 'getUser',
        summary: 'One user',
        tags,
        params: Type.Object({ user_id: Id }),
        response: { 200: User }
      }
    },
    async ({ params }) => {
      const user = await findUser(app.db, params.user_id)
      if (!user) throw new ProblemError('not_found')
      return user
    }
  )
}
