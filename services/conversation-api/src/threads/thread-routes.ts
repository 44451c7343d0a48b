import {
  Id,
  limits,
  MessageQuery,
  PageQuery,
  ReadPosition,
  ThreadList,
  ThreadPage,
  ThreadReadState
} from '@parley/contracts'
import type { ServiceInstance } from '@parley/service-kit'
import { Type } from '@sinclair/typebox'
import { markThreadRead } from './thread-read.ts'
import { listThreads, readThread } from './thread-store.ts'

const InConversation = Type.Object({ conversation_id: Id })
const OnMessage = Type.Object({ conversation_id: Id, message_id: Id })
const tags = ['threads']

/** Threads, below `/conversations/{conversation_id}`; for signed-in callers only. */
export async function threadRoutes(app: ServiceInstance): Promise<void> {
  app.get(
    '/threads',
    {
      schema: {
        operationId: 'listThreads',
        summary: 'The threads, that with the latest reply first, each with what is unread',
        tags,
        params: InConversation,
        querystring: PageQuery,
        response: { 200: ThreadList }
      }
    },
    ({ params, query: { limit = limits.page, cursor }, session }) =>
      listThreads(app.db, { ...params, user_id: session.user.id, limit, cursor })
  )

  app.get(
    '/messages/:message_id/thread',
    {
      schema: {
        operationId: 'readThread',
        summary: "A message's thread: its replies ascending by seq, the newest without `before` or `after`",
        tags,
        params: OnMessage,
        querystring: MessageQuery,
        response: { 200: ThreadPage }
      }
    },
    async ({ params, query: { before, after, limit = limits.page }, session }) => {
      const on = { ...params, user_id: session.user.id }
      const { has_more, ...page } = await readThread(app.db, { ...on, before, after, limit })
      const edge = after !== undefined && before === undefined ? page.items.at(-1) : page.items[0]
      return { ...page, next_cursor: has_more && edge ? String(edge.seq) : null }
    }
  )

  app.post(
    '/messages/:message_id/thread/read',
    {
      schema: {
        operationId: 'markThreadRead',
        summary: 'My read position in a thread: moves forward only, on all my devices',
        tags,
        params: OnMessage,
        body: ReadPosition,
        response: { 200: ThreadReadState }
      }
    },
    ({ params, body, session }) => markThreadRead(app, { ...params, ...body, user_id: session.user.id })
  )
}
